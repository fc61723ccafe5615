import { Register, type VirtualTerm } from '@kwartier/identity';
import { Outbox, type Tx } from '@kwartier/platform';
import { groupBy, type Instant, type IntervalMinutes } from '@kwartier/units';
import { Injectable } from '@nestjs/common';
import {
  type IntervalValue,
  type Revision,
  sameValue,
  startsBetween,
  valuesBetween,
  virtualValue,
} from '../domain/interval-value.js';
import type { RegisterTotals } from '../domain/readings-message.js';
import { type PointValue, ReadingStore, type Timeline, valueKey } from './reading-store.port.js';
import { valuesCorrected } from './values.port.js';

/** Newly accepted totals of a point, among those that stood already. */
export interface TotalsChange {
  readonly pointId: string;
  readonly zoneId: string;
  readonly length: IntervalMinutes;
  readonly timeline: Timeline;
  readonly accepted: readonly RegisterTotals[];
}

/** Derives what was metered from new totals. A value that changes gets one more revision, and settlement is told. */
@Injectable()
export class ReviseValues {
  constructor(
    private readonly store: ReadingStore,
    private readonly register: Register,
    private readonly outbox: Outbox,
  ) {}

  async run(tx: Tx, changes: readonly TotalsChange[]): Promise<void> {
    const touched = changes.flatMap((change) =>
      pairsOf(change).map(([before, after]) => ({ ...change, before, after })),
    );
    const wanted = touched.flatMap(({ pointId, before, after, length }) =>
      startsBetween(before, after, length).map((startsAt) => ({ pointId, startsAt })),
    );
    const latest = await this.store.latest(tx, wanted);
    const values = touched.flatMap(({ pointId, before, after, length }): PointValue[] =>
      valuesBetween(before, after, length, (startsAt) => latest.get(valueKey(pointId, startsAt))).map((value) => ({
        pointId,
        ...value,
      })),
    );
    const changed = await this.add(tx, values, latest);
    const terms = await this.register.virtualTermsOver([...new Set(changed.map(({ pointId }) => pointId))]);
    const computed = await this.computeVirtual(tx, changed, terms);
    const zoneOf = new Map(changes.map(({ pointId, zoneId }) => [pointId, zoneId]));
    // A virtual point stands in the zone of the points that it is made of.
    for (const { pointId, overPointId } of terms) zoneOf.set(pointId, zoneOf.get(overPointId) ?? zoneOf.get(pointId)!);
    await this.tellCorrections(tx, [...changed, ...computed], zoneOf);
  }

  /** Adds what is new or different as the next revision. */
  async add(tx: Tx, values: readonly PointValue[], latest: ReadonlyMap<string, Revision>): Promise<Revision[]> {
    const revisions = values.flatMap((value): Revision[] => {
      const known = latest.get(valueKey(value.pointId, value.startsAt));
      return known && sameValue(known, value) ? [] : [{ ...value, revision: (known?.revision ?? 0) + 1 }];
    });
    await this.store.addRevisions(tx, revisions);
    return revisions;
  }

  private async computeVirtual(
    tx: Tx,
    changed: readonly Revision[],
    terms: readonly VirtualTerm[],
  ): Promise<Revision[]> {
    if (terms.length === 0) return [];
    const formulas = groupBy(terms, ({ pointId }) => pointId);
    const starts = [...new Set(changed.map(({ startsAt }) => startsAt))];
    const pointIds = [...new Set(terms.flatMap(({ pointId, overPointId }) => [pointId, overPointId]))];
    const latest = await this.store.latest(
      tx,
      pointIds.flatMap((pointId) => starts.map((startsAt) => ({ pointId, startsAt }))),
    );
    const values = [...formulas].flatMap(([pointId, formula]) =>
      starts.flatMap((startsAt): PointValue[] => {
        const value = virtualValue({ startsAt }, formula, (over): IntervalValue | undefined =>
          latest.get(valueKey(over, startsAt)),
        );
        return value ? [{ pointId, ...value }] : [];
      }),
    );
    return this.add(tx, values, latest);
  }

  private async tellCorrections(
    tx: Tx,
    revisions: readonly Revision[],
    zoneOf: ReadonlyMap<string, string>,
  ): Promise<void> {
    const messages = revisions
      .filter(({ revision }) => revision > 1)
      .map(({ pointId, startsAt, revision }) => ({
        topic: valuesCorrected,
        key: `${pointId}/${startsAt}/${revision}`,
        payload: { zoneId: zoneOf.get(pointId)!, startsAt },
      }));
    await this.outbox.tell(tx, ...messages);
  }
}

/** Neighbouring totals of which at least one is new: only between these can anything change. */
function pairsOf({ timeline, accepted }: TotalsChange): [RegisterTotals, RegisterTotals][] {
  const isNew = new Set<Instant>(accepted.map(({ endsAt }) => endsAt));
  const ends = [timeline.before, timeline.after].filter((totals) => totals !== undefined);
  const all = [...ends, ...timeline.inside, ...accepted].sort((a, b) => a.endsAt - b.endsAt);
  const pairs: [RegisterTotals, RegisterTotals][] = [];
  for (let i = 1; i < all.length; i++)
    if (isNew.has(all[i - 1]!.endsAt) || isNew.has(all[i]!.endsAt)) pairs.push([all[i - 1]!, all[i]!]);
  return pairs;
}
