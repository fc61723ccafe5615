import { intervalCleared } from './api/intervals.js';
import { settlementStatusQuestion } from './api/settlement-status.js';
import type { Zone } from './api/zones.js';
import { formatClock, fromDateTime } from './figures/time.js';
import { useLive } from './live/useLive.js';
import type { Config } from './useConfig.js';

export function StreetFooter({ zone, config }: { readonly zone: Zone; readonly config: Config }) {
  const { data } = useLive(settlementStatusQuestion, { zoneId: zone.id }, [intervalCleared(zone.id)]);
  const status = data?.settlementStatus;
  return (
    <footer className="street-footer">
      {status && (
        <p>
          {waiting(status.waitingBatches)}
          {status.settledThrough &&
            ` Settled through ${formatClock(fromDateTime(status.settledThrough), zone.timeZone)}.`}
        </p>
      )}
      <p>
        <a href="/graphql">API</a>
        {config.mode === 'DEMO' && (
          <>
            {' · token: '}
            <code>demo</code>
          </>
        )}
        {' · Kwartier '}
        {config.version}
      </p>
    </footer>
  );
}

const waiting = (batches: number): string =>
  batches === 0
    ? 'No batch waits for the chain.'
    : `${batches} ${batches === 1 ? 'batch waits' : 'batches wait'} for the chain.`;
