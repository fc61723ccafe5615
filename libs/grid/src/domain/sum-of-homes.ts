import type { Wh } from '@kwartier/units';

/** What the homes of a fixed cell did together in one interval. */
export interface SumOfHomes {
  readonly homes: number;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly localWh: Wh;
}

/**
 * Which sums of one interval may be shown (P10). A cell of too few homes is hidden; and where all hidden cells together are
 * still too few, the smallest shown one is hidden too, or the others and the zone's total would give the hidden ones away.
 */
export function shownSums<T extends SumOfHomes>(cells: readonly T[], leastHomes: number): ReadonlySet<T> {
  const bySize = [...cells].sort((a, b) => a.homes - b.homes);
  let hidden = 0;
  let hiddenHomes = 0;
  while (hidden < bySize.length) {
    const { homes } = bySize[hidden]!;
    if (homes >= leastHomes && (hiddenHomes === 0 || hiddenHomes >= leastHomes)) break;
    hiddenHomes += homes;
    hidden += 1;
  }
  return new Set(bySize.slice(hidden));
}
