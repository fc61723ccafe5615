import { accepted, type Instant, isAligned, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Enrol, type EnrolRefusal } from './enrol.js';
import type { Participant } from '../domain/register.js';
import { Register } from './register.port.js';

export type MoveRefusal = EnrolRefusal | { readonly code: 'NOBODY_LIVES_THERE' };

/** One tenant leaves and another comes, at the same instant or with an empty time between; each keeps their own past. */
@Injectable()
export class MoveTenant {
  constructor(
    private readonly register: Register,
    private readonly enrol: Enrol,
  ) {}

  async out(pointId: string, at: Instant): Promise<Result<{ readonly participantId: string }, MoveRefusal>> {
    const zoneId = await this.register.zoneOfPoint(pointId);
    const zone = zoneId === undefined ? undefined : await this.register.zone(zoneId);
    if (zone && !isAligned(at, zone.intervalMinutes)) return refused({ code: 'OFF_THE_QUARTER' });
    const ended = await this.register.moveOut(pointId, at);
    return ended ? accepted({ participantId: ended.participantId }) : refused({ code: 'NOBODY_LIVES_THERE' });
  }

  async in(pointId: string, participant: Participant, at: Instant): Promise<Result<Participant, MoveRefusal>> {
    const holding = { pointId, participantId: participant.id, from: at };
    const enrolled = await this.enrol.run({ participants: [participant], holdings: [holding] });
    return enrolled.ok ? accepted(participant) : enrolled;
  }
}
