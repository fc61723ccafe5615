/** What the server said the market's time was, and when the page heard it. */
export interface TimeAnchor {
  readonly marketAt: number;
  readonly heardAt: number;
  readonly speed: number;
}

/** The market's time between two words of the server; a wall clock that was set back does not turn it back. */
export const marketNow = (anchor: TimeAnchor, wallNow: number): number =>
  anchor.marketAt + Math.max(0, wallNow - anchor.heardAt) * anchor.speed;
