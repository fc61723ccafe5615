import type { Wish } from '../domain/wish.js';

/** What participants want, each wish kept beside those it followed. */
export abstract class Wishes {
  abstract set(wish: Wish): Promise<void>;

  /** The latest of each of these holdings, by `point/participant`. */
  abstract latest(
    holdings: readonly { readonly pointId: string; readonly participantId: string }[],
  ): Promise<ReadonlyMap<string, Wish>>;
}

export const wishKey = ({ pointId, participantId }: { pointId: string; participantId: string }): string =>
  `${pointId}/${participantId}`;
