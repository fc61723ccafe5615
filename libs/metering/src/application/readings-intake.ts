import { isId } from '@kwartier/identity';
import { formatInstant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { type Malformed, mostMessageBytes, parseReadings, type ReadingsMessage } from '../domain/readings-message.js';
import { AcceptReadings, type MessageAnswer } from './accept-readings.js';

/** What the sender learns, whichever door it came by. */
export interface IntakeAnswer {
  readonly code: MessageAnswer['code'] | Malformed['code'] | 'FOREIGN_TOPIC';
  readonly why?: string;
  readonly readings?: readonly { readonly endsAt: string; readonly outcome: string; readonly code?: string }[];
}

interface Waiting {
  readonly message: ReadingsMessage;
  readonly resolve: (answer: IntakeAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const mostPerBatch = 500;
const mostWaiting = 20_000;

/**
 * The one door of readings, for MQTT, HTTP and GraphQL alike. Messages that arrive while a batch is being kept wait for
 * the next one, so under load many share a commit, and alone each is kept at once.
 */
@Injectable()
export class ReadingsIntake {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly acceptReadings: AcceptReadings) {}

  /** Resolves when everything answered is durable; rejects when nothing can be said yet: send again later. */
  async take(zoneId: string, pointId: string, payload: Uint8Array): Promise<IntakeAnswer> {
    if (payload.length > mostMessageBytes) return { code: 'MALFORMED', why: 'the message is too long' };
    if (!isId(zoneId) || !isId(pointId)) return { code: 'UNKNOWN_DEVICE' };
    const parsed = parseReadings(zoneId, pointId, payload);
    if (!parsed.ok) return parsed.refusal;
    if (this.waiting.length >= mostWaiting) throw new Error('too many messages are waiting');
    return new Promise((resolve, reject) => {
      this.waiting.push({ message: parsed.value, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, mostPerBatch);
      try {
        const answers = await this.acceptReadings.run(batch.map(({ message }) => message));
        batch.forEach(({ resolve }, i) => resolve(asAnswer(answers[i]!)));
      } catch (error) {
        // One message must not keep its neighbours from being taken: alone, each stands for itself.
        if (batch.length > 1) await this.oneByOne(batch);
        else for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }

  private async oneByOne(batch: readonly Waiting[]): Promise<void> {
    for (const { message, resolve, reject } of batch)
      await this.acceptReadings.run([message]).then(([answer]) => resolve(asAnswer(answer!)), reject);
  }
}

const asAnswer = (answer: MessageAnswer): IntakeAnswer =>
  answer.code === 'TAKEN'
    ? {
        code: 'TAKEN',
        readings: answer.readings.map(({ endsAt, ...rest }) => ({ endsAt: formatInstant(endsAt), ...rest })),
      }
    : answer;

export interface Place {
  readonly zoneId: string;
  readonly pointId: string;
}

/** Where a device of the point publishes, and where it hears what became of it. */
export const readingsTopic = (zoneId: string, pointId: string): string =>
  `kwartier/v1/${zoneId}/points/${pointId}/readings`;
export const answersTopic = (zoneId: string, pointId: string): string =>
  `kwartier/v1/${zoneId}/points/${pointId}/answers`;

export const parseTopic = (topic: string): Place | undefined => placeIn(topic, 'readings');
export const parseAnswersTopic = (topic: string): Place | undefined => placeIn(topic, 'answers');

const topicPattern = /^kwartier\/v1\/([A-Za-z0-9_-]{1,64})\/points\/([A-Za-z0-9_-]{1,64})\/(readings|answers)$/;

function placeIn(topic: string, kind: 'readings' | 'answers'): Place | undefined {
  const found = topic.length <= 200 ? topicPattern.exec(topic) : null;
  return found?.[3] === kind ? { zoneId: found[1]!, pointId: found[2]! } : undefined;
}
