import { setDemoSpeed } from './api/clock.js';
import { useConnection } from './live/LiveProvider.js';

const speeds = [1, 60, 600];

/**
 * The permanent mark of a demo, with its speed. The buttons show what the server says, not what was pressed; while the
 * street still trades through its yesterday, the clock is led by hand and nobody can set it.
 */
export function DemoClock({ speed }: { readonly speed: number }) {
  const connection = useConnection();
  const catchingUp = speed === 0;
  const set = (wanted: number) => {
    // Away or refused: the speed stays as it is, and that is what the buttons go on showing.
    connection.ask(setDemoSpeed, { speed: wanted }).catch(() => undefined);
  };
  return (
    <div className="demo-clock">
      <span className="demo-mark">{catchingUp ? 'Demo · catching up with yesterday' : `Demo · ${speed}×`}</span>
      <div role="group" aria-label="Speed of the demo clock">
        {speeds.map((one) => (
          <button key={one} type="button" disabled={catchingUp} aria-pressed={one === speed} onClick={() => set(one)}>
            {one}×
          </button>
        ))}
      </div>
    </div>
  );
}
