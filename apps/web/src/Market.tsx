import { useMemo, useState } from 'react';
import { clockChanged, clockQuestion } from './api/clock.js';
import { zonesQuestion } from './api/zones.js';
import { marketNow } from './figures/market-time.js';
import { fromDateTime } from './figures/time.js';
import { useConnectionState } from './live/LiveProvider.js';
import { useLive } from './live/useLive.js';
import { NoCommunity } from './NoCommunity.js';
import { Notice } from './Notice.js';
import { Street } from './Street.js';
import type { Config } from './useConfig.js';

const nothing = {};
const onClockChanged = [clockChanged];

/** Waits for clock and zones, and shows one street. */
export function Market({ config, onOtherToken }: { readonly config: Config; readonly onOtherToken: () => void }) {
  const { phase } = useConnectionState();
  const clock = useLive(clockQuestion, nothing, onClockChanged);
  const zones = useLive(zonesQuestion, nothing);
  const [zoneId, setZoneId] = useState<string>();
  const heard = clock.data?.clock;
  const running = useMemo(
    // The answer is as old as its way here, which is nothing against a quarter of an hour.
    () => heard && { marketAt: fromDateTime(heard.now), heardAt: Date.now(), speed: heard.speed },
    [heard],
  );
  const away = phase === 'reconnecting';
  // Figures that stand still under a clock that goes on would be a lie: without a connection the clock stands too.
  const stopped = useMemo(
    () => (away && running ? { ...running, marketAt: marketNow(running, Date.now()), speed: 0 } : undefined),
    [away, running],
  );
  const anchor = stopped ?? running;

  if (phase === 'refused') {
    return (
      <Notice title="This token does not open the market">
        <p>It may have ended. Ask your community manager for a new one.</p>
        <button type="button" onClick={onOtherToken}>
          Use another token
        </button>
      </Notice>
    );
  }
  if (!heard || !anchor || !zones.data) {
    return <Notice title="Kwartier">{clock.problem ?? zones.problem ?? 'Opening the market…'}</Notice>;
  }
  const all = zones.data.zones;
  const zone = all.find((one) => one.id === zoneId) ?? all[0];
  if (!zone) return <NoCommunity onLookAgain={zones.refresh} />;
  return (
    <Street key={zone.id} config={config} clock={heard} anchor={anchor} zone={zone} zones={all} onZone={setZoneId} />
  );
}
