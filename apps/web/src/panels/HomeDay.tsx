import type { StatementLine } from '../api/statement.js';
import { statementQuestion, statementUpdated } from '../api/statement.js';
import type { Point, Zone } from '../api/zones.js';
import { fromDateTime, type Period, toDateTime } from '../figures/time.js';
import { useLive } from '../live/useLive.js';
import { HomeChart } from './HomeChart.js';
import { HomeMoney } from './HomeMoney.js';
import { Panel } from './Panel.js';

interface HomeDayProps {
  readonly zone: Zone;
  readonly today: Period;
  readonly homes: readonly Point[] | undefined;
  readonly home: Point | undefined;
  readonly problem: string | undefined;
  readonly lines: readonly StatementLine[];
  readonly onHome: (pointId: string) => void;
}

/** One home's day: money first, then the kWh behind it. */
export function HomeDay({ zone, today, homes, home, problem, lines, onHome }: HomeDayProps) {
  const picker = home && (
    <label className="picker">
      <span>Seen as</span>
      <select value={home.id} onChange={(event) => onHome(event.target.value)}>
        {homes?.map((one) => (
          <option key={one.id} value={one.id}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel title="Your home today" className="home" ready={homes !== undefined} problem={problem} aside={picker}>
      {home ? (
        <HomeFigures key={home.id} zone={zone} today={today} home={home} lines={lines} />
      ) : (
        <p className="waiting">No home to show with this access.</p>
      )}
    </Panel>
  );
}

interface HomeFiguresProps extends Pick<HomeDayProps, 'zone' | 'today' | 'lines'> {
  readonly home: Point;
}

/** Lives as long as one home is chosen, so that no figure of another ever stands under its name. */
function HomeFigures({ zone, today, home, lines }: HomeFiguresProps) {
  const period = { pointId: home.id, from: toDateTime(today.from), to: toDateTime(today.to) };
  const statement = useLive(statementQuestion, period, [statementUpdated(home.id)]);
  const todays = lines.filter((line) => fromDateTime(line.startsAt) >= today.from);
  return (
    <div className="home-figures">
      {statement.problem && !statement.data && <p className="problem">Not available: {statement.problem}.</p>}
      {statement.data && <HomeMoney statement={statement.data.statement} currency={zone.currency} />}
      <HomeChart zone={zone} today={today} lines={todays} />
    </div>
  );
}

const nameOf = ({ name, participantName }: Point): string =>
  participantName && participantName !== name ? `${name} · ${participantName}` : name;
