import { Database } from '@kwartier/platform';
import { days, type Instant, later } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import { provisional, type Revision } from '../domain/interval-value.js';
import { ReadingStore, valueKey } from './reading-store.port.js';
import { ReviseValues } from './revise-values.js';
import { Estimation } from './values.port.js';

const earlierDays = 7;

@Injectable()
export class EstimateMissing extends Estimation {
  constructor(
    private readonly database: Database,
    private readonly store: ReadingStore,
    private readonly revise: ReviseValues,
  ) {
    super();
  }

  async fill(pointIds: readonly string[], startsAt: Instant): Promise<void> {
    const before = Array.from({ length: earlierDays }, (_, i) => later(startsAt, -days(i + 1)));
    await this.database.transaction(async (tx) => {
      await this.store.lockPoints(tx, pointIds);
      const known = await this.store.latest(
        tx,
        pointIds.flatMap((pointId) => [startsAt, ...before].map((at) => ({ pointId, startsAt: at }))),
      );
      const values = pointIds
        .filter((pointId) => !known.has(valueKey(pointId, startsAt)))
        .map((pointId) => {
          const earlier = before.map((at) => known.get(valueKey(pointId, at))).filter((one): one is Revision => !!one);
          return { pointId, ...provisional(startsAt, earlier) };
        });
      await this.revise.add(tx, values, known);
    });
  }
}
