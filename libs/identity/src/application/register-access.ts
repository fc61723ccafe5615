import { type Instant, instant } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { isId } from '../domain/register.js';
import { overlap, type Validity } from '../domain/validity.js';
import { type Facet, participantOf, seesWholeZone, type Viewer } from '../domain/viewer.js';
import { Access, type Window } from './access.port.js';
import { Register } from './register.port.js';

const always: Validity = { from: instant(-8_640_000_000_000_000), to: undefined };

@Injectable()
export class RegisterAccess extends Access {
  constructor(private readonly register: Register) {
    super();
  }

  async windows(viewer: Viewer, pointId: string, facet: Facet, from: Instant, to: Instant): Promise<readonly Window[]> {
    // What is no id is nobody's, and some of it the database could not even be asked about.
    const zoneId = isId(pointId) ? await this.register.zoneOfPoint(pointId) : undefined;
    if (zoneId === undefined) return [];
    if (seesWholeZone(viewer, facet, zoneId)) return [{ participantId: undefined, from, to }];
    const participantId = participantOf(viewer);
    if (participantId === undefined) return [];
    const held = (await this.register.holdingsOf(pointId)).filter((row) => row.participantId === participantId);
    return held.flatMap((row) => {
      const part = overlap(row, from, to);
      return part ? [{ participantId, ...part }] : [];
    });
  }

  async knows(viewer: Viewer, pointId: string, facet: Facet): Promise<boolean> {
    const end = instant(8_640_000_000_000_000);
    return (await this.windows(viewer, pointId, facet, always.from, end)).length > 0;
  }

  async zone(viewer: Viewer, zoneId: string): Promise<boolean> {
    if (!isId(zoneId) || !(await this.register.zone(zoneId))) return false;
    if (viewer.role === 'ADMIN') return true;
    if ('zoneId' in viewer) return viewer.zoneId === zoneId;
    const participantId = participantOf(viewer);
    if (participantId === undefined) return false;
    return (await this.register.holdingsBy(participantId)).some((row) => row.zoneId === zoneId);
  }

  async actsFor(viewer: Viewer, pointId: string, at: Instant): Promise<string | undefined> {
    if (viewer.role !== 'HOUSEHOLD') return undefined;
    const [window] = await this.windows(viewer, pointId, 'CURVE', at, instant(at + 1));
    return window?.participantId;
  }
}
