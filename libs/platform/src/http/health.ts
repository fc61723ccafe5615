import { Injectable } from '@nestjs/common';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What must work before this process may be given work; each part registers its own question. */
@Injectable()
export class Readiness {
  private readonly questions = new Map<string, () => Promise<string>>();

  /** `ask` answers with a few words for people, and throws when the part does not work. */
  register(name: string, ask: () => Promise<string>): void {
    this.questions.set(name, ask);
  }

  async check(): Promise<readonly Check[]> {
    return Promise.all(
      [...this.questions].map(async ([name, ask]): Promise<Check> => {
        try {
          return { name, ok: true, detail: await withinTime(ask()) };
        } catch (error) {
          return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  }
}

const patienceMs = 3_000;

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), patienceMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
