import { useEffect, useState } from 'react';
import { marketNow, type TimeAnchor } from '../figures/market-time.js';
import { alignDown } from '../figures/time.js';

const tickMs = 100;

/** The market's time in whole steps: whoever needs only the quarter is drawn again only with the quarter. */
export function useMarketTime(anchor: TimeAnchor, stepMs: number): number {
  const [, redraw] = useState(0);
  const now = alignDown(marketNow(anchor, Date.now()), stepMs);
  useEffect(() => {
    const timer = setInterval(() => redraw(alignDown(marketNow(anchor, Date.now()), stepMs)), tickMs);
    return () => clearInterval(timer);
  }, [anchor, stepMs]);
  return now;
}
