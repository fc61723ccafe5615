import { MarketClock } from '@kwartier/platform';
import { accepted, alignDown, type Instant, isAligned, refused, type Result } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { Enrol, type EnrolRefusal } from './enrol.js';
import type { Participant } from '../domain/register.js';
import { Register } from './register.port.js';

export type MoveRefusal = EnrolRefusal | { readonly code: 'NOBODY_LIVES_THERE' } | { readonly code: 'BACK_DATED' };

/** One tenant leaves and another comes, at the same instant or with an empty time between; each keeps their own past. */
@Injectable()
export class MoveTenant {
  constructor(
    private readonly register: Register,
    private readonly enrol: Enrol,
    private readonly clock: MarketClock,
  ) {}

  async out(pointId: string, at: Instant): Promise<Result<{ readonly participantId: string }, MoveRefusal>> {
    if (await this.isBackDated(at)) return refused({ code: 'BACK_DATED' });
    const zoneId = await this.register.zoneOfPoint(pointId);
    const zone = zoneId === undefined ? undefined : await this.register.zone(zoneId);
    if (zone && !isAligned(at, zone.intervalMinutes)) return refused({ code: 'OFF_THE_QUARTER' });
    const ended = await this.register.moveOut(pointId, at);
    return ended ? accepted({ participantId: ended.participantId }) : refused({ code: 'NOBODY_LIVES_THERE' });
  }

  async in(pointId: string, participant: Participant, at: Instant): Promise<Result<Participant, MoveRefusal>> {
    if (await this.isBackDated(at)) return refused({ code: 'BACK_DATED' });
    const holding = { pointId, participantId: participant.id, from: at };
    const enrolled = await this.enrol.run({ participants: [participant], holdings: [holding] });
    return enrolled.ok ? accepted(participant) : enrolled;
  }

  /** What is settled was settled for whoever held the point then; nobody inherits it afterwards. */
  private async isBackDated(at: Instant): Promise<boolean> {
    return at < alignDown(await this.clock.now(), 5);
  }
}
