import { formatCents } from '../figures/money.js';

interface PriceRulerProps {
  readonly price: bigint | undefined;
  readonly feedIn: bigint;
  readonly retail: bigint;
}

/** Where the price of all lies between what the supplier pays and what it charges: that is the whole gain. */
export function PriceRuler({ price, feedIn, retail }: PriceRulerProps) {
  const span = Number(retail - feedIn);
  const place = price === undefined || span <= 0 ? undefined : (Number(price - feedIn) / span) * 100;
  return (
    <div className="ruler">
      <div className="ruler-line" aria-hidden="true">
        {place !== undefined && (
          <span className="ruler-mark" style={{ left: `${Math.min(100, Math.max(0, place))}%` }} />
        )}
      </div>
      <p className="ruler-ends">
        <span>Your supplier pays {formatCents(feedIn)}</span>
        <span>Your supplier charges {formatCents(retail)}</span>
      </p>
    </div>
  );
}
