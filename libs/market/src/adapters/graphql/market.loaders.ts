import { decodeResult } from '@kwartier/auction';
import type { Instant, Wh } from '@kwartier/units';
import DataLoader from 'dataloader';
import type { IntervalStore, KeptClearing } from '../../application/interval-store.port.js';
import type { Rules } from '../../domain/rules.js';

export interface IntervalRef {
  readonly zoneId: string;
  readonly startsAt: Instant;
}

/** One question per request and kind, however many rows ask it. */
export interface MarketLoaders {
  readonly clearings: DataLoader<IntervalRef, { clearing: KeptClearing; rules: Rules } | undefined, string>;
  /** What an order got; undefined before its interval is cleared. */
  readonly fills: DataLoader<IntervalRef & { readonly orderId: string }, Wh | undefined, string>;
}

const key = ({ zoneId, startsAt }: IntervalRef): string => `${zoneId}/${startsAt}`;

export function marketLoaders(store: IntervalStore): MarketLoaders {
  const clearings: MarketLoaders['clearings'] = new DataLoader(
    async (refs) => {
      const found = new Map((await store.clearings([...refs])).map((clearing) => [key(clearing), clearing]));
      return Promise.all(
        refs.map(async (ref) => {
          const clearing = found.get(key(ref));
          const interval = clearing && (await store.find(ref.zoneId, ref.startsAt));
          return interval && { clearing, rules: await store.rules(interval.rulesHash) };
        }),
      );
    },
    { cacheKeyFn: key },
  );
  const fills: MarketLoaders['fills'] = new DataLoader(
    async (asked) => {
      const wanted = new Map(asked.map((one) => [key(one), one]));
      const fillOf = new Map<string, Wh>();
      for (const ref of wanted.values()) {
        const [frozen, cleared] = await Promise.all([
          store.book(undefined, ref.zoneId, ref.startsAt),
          clearings.load({ zoneId: ref.zoneId, startsAt: ref.startsAt }),
        ]);
        if (!frozen || !cleared) continue;
        const result = decodeResult(cleared.clearing.resultBytes, frozen.orderIds.length);
        if (result.ok) frozen.orderIds.forEach((id, i) => fillOf.set(id, result.value.fillsWh[i] as Wh));
      }
      return asked.map(({ orderId }) => fillOf.get(orderId));
    },
    { cacheKeyFn: ({ orderId }) => orderId },
  );
  return { clearings, fills };
}
