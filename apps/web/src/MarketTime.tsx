import type { TimeAnchor } from './figures/market-time.js';
import { formatClock, formatDay, formatSeconds, toDateTime } from './figures/time.js';
import { useMarketTime } from './live/useMarketTime.js';

const second = 1_000;
const minute = 60_000;

/** The market's clock on the wall; in a fast demo seconds would only flicker. */
export function MarketTime({ anchor, timeZone }: { readonly anchor: TimeAnchor; readonly timeZone: string }) {
  const slow = anchor.speed === 1;
  const now = useMarketTime(anchor, slow ? second : minute);
  return (
    <p className="market-time">
      <time dateTime={toDateTime(now)}>
        {formatDay(now, timeZone)} <strong>{slow ? formatSeconds(now, timeZone) : formatClock(now, timeZone)}</strong>
      </time>
    </p>
  );
}
