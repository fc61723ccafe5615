import type { Interval } from '../api/intervals.js';
import type { StatementLine } from '../api/statement.js';
import type { Zone } from '../api/zones.js';
import { formatKwh } from '../figures/energy.js';
import { formatCentFigure, formatCents } from '../figures/money.js';
import type { TimeAnchor } from '../figures/market-time.js';
import { statusSentence } from '../figures/status-sentence.js';
import { formatClock, fromDateTime, minutes } from '../figures/time.js';
import { useConnectionState } from '../live/LiveProvider.js';
import { useMarketTime } from '../live/useMarketTime.js';
import { Panel } from './Panel.js';
import { PriceRuler } from './PriceRuler.js';

interface NowPanelProps {
  readonly zone: Zone;
  readonly anchor: TimeAnchor;
  readonly runningAt: number;
  readonly intervals: readonly Interval[] | undefined;
  readonly problem: string | undefined;
  readonly lines: readonly StatementLine[];
  readonly speed: number;
}

/** What a kWh among neighbours costs now and next, and what that meant for the chosen home. */
export function NowPanel({ zone, anchor, runningAt, intervals, problem, lines, speed }: NowPanelProps) {
  const { phase } = useConnectionState();
  const now = useMarketTime(anchor, minutes(1));
  const startingAt = (at: number) => intervals?.find((one) => fromDateTime(one.startsAt) === at);
  const running = startingAt(runningAt);
  const next = startingAt(runningAt + minutes(zone.intervalMinutes));
  const price = running?.clearing?.priceMicroPerKwh ?? undefined;
  const latest = lines.at(-1);
  const sentence =
    phase === 'reconnecting'
      ? 'Reconnecting… You see the last figures.'
      : statusSentence(latest, zone.intervalMinutes, zone.timeZone);

  return (
    <Panel title="Now" className="now" ready={intervals !== undefined} problem={problem}>
      <div className="now-figures">
        <div className="now-price">
          <h3>Price for everyone at {formatClock(runningAt, zone.timeZone)}</h3>
          <p className="figure">
            {price === undefined ? (
              <span className="wordy">{outcome(running, now, zone.timeZone)}</span>
            ) : (
              <>
                <strong>{formatCentFigure(BigInt(price))}</strong> <span className="unit">ct per kWh</span>
              </>
            )}
          </p>
        </div>
        <dl className="now-facts">
          <div>
            <dt>Next, at {formatClock(runningAt + minutes(zone.intervalMinutes), zone.timeZone)}</dt>
            <dd>{outcome(next, now, zone.timeZone)}</dd>
          </div>
          <div>
            <dt>Agreed for this quarter</dt>
            <dd>{running?.clearing ? formatKwh(BigInt(running.clearing.volumeWh)) : '–'}</dd>
          </div>
          <div>
            <dt>Orders</dt>
            <dd>{running?.clearing?.orderCount ?? '–'}</dd>
          </div>
        </dl>
      </div>
      {latest && (
        <PriceRuler
          price={price === undefined ? undefined : BigInt(price)}
          feedIn={BigInt(latest.feedInMicroPerKwh)}
          retail={BigInt(latest.retailMicroPerKwh)}
        />
      )}
      {/* At 600x a sentence each second and a half would drown whoever listens. */}
      <p className="sentence" aria-live={speed > 60 ? 'off' : 'polite'}>
        {sentence}
      </p>
      <title>
        {price === undefined ? `${zone.name} · Kwartier` : `${formatCents(BigInt(price))} · ${zone.name} · Kwartier`}
      </title>
    </Panel>
  );
}

function outcome(interval: Interval | undefined, now: number, timeZone: string): string {
  if (!interval) return 'not open yet';
  if (!interval.clearing) {
    const gateClosesAt = fromDateTime(interval.gateClosesAt);
    return now < gateClosesAt ? `closes ${formatClock(gateClosesAt, timeZone)}` : 'on its way';
  }
  const price = interval.clearing.priceMicroPerKwh;
  return price === null ? 'nothing traded' : formatCents(BigInt(price));
}
