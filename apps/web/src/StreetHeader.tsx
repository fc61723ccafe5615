import type { Clock } from './api/clock.js';
import type { Zone } from './api/zones.js';
import { DemoClock } from './DemoClock.js';
import type { TimeAnchor } from './figures/market-time.js';
import { useConnectionState } from './live/LiveProvider.js';
import { MarketTime } from './MarketTime.js';

interface StreetHeaderProps {
  readonly clock: Clock;
  readonly anchor: TimeAnchor;
  readonly zone: Zone;
  readonly zones: readonly Zone[];
  readonly onZone: (zoneId: string) => void;
}

export function StreetHeader({ clock, anchor, zone, zones, onZone }: StreetHeaderProps) {
  const { phase } = useConnectionState();
  return (
    <header className="street-header">
      <div className="name">
        <img src="/favicon.svg" alt="" width="32" height="32" />
        <h1>
          <span className="brand">Kwartier</span> <span className="zone-name">{zone.name}</span>
        </h1>
        {zones.length > 1 && (
          <select aria-label="Street" value={zone.id} onChange={(event) => onZone(event.target.value)}>
            {zones.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </div>
      <MarketTime anchor={anchor} timeZone={zone.timeZone} />
      {phase === 'reconnecting' && <p className="reconnecting">Reconnecting…</p>}
      {clock.mode === 'DEMO' && <DemoClock speed={clock.speed} />}
    </header>
  );
}
