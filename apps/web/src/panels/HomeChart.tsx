import type { StatementLine } from '../api/statement.js';
import type { Zone } from '../api/zones.js';
import { Legend } from '../charts/Legend.js';
import { TableTwin } from '../charts/TableTwin.js';
import { type Frame, TimeChart } from '../charts/TimeChart.js';
import { formatKwh } from '../figures/energy.js';
import { formatMoney } from '../figures/money.js';
import { formatClock, formatSpan, fromDateTime, minutes, type Period } from '../figures/time.js';

interface HomeChartProps {
  readonly zone: Zone;
  readonly today: Period;
  readonly lines: readonly StatementLine[];
}

/** One quarter of a home, split by who was on the other side. */
interface Quarter {
  readonly at: number;
  readonly bought: number;
  readonly delivered: number;
  readonly sold: number;
  readonly takenBack: number;
  readonly line: StatementLine;
}

const leastWh = 200;

/** Up is what came in, down is what went out; neighbours stand next to the axis. */
export function HomeChart({ zone, today, lines }: HomeChartProps) {
  const quarters = lines.map(quarterOf);
  const high = Math.max(leastWh, ...quarters.map((one) => one.bought + one.delivered));
  const low = -Math.max(0, ...quarters.map((one) => one.sold + one.takenBack));
  const length = minutes(zone.intervalMinutes);
  const tell = ({ at, line }: Quarter) => `${formatSpan(at, zone.intervalMinutes, zone.timeZone)} · ${flows(line)}`;
  const latest = quarters.at(-1);

  return (
    <div className="home-energy">
      <h3>Energy through your meter</h3>
      <TimeChart
        label="Energy of this home today by quarter, from and to neighbours and supplier"
        period={today}
        low={low}
        high={high}
        format={(wh) => `${Math.abs(wh) / 1000}`}
        timeZone={zone.timeZone}
        readout={(at) => {
          const pointed = quarters.find((one) => at >= one.at && at < one.at + length);
          return pointed && tell(pointed);
        }}
        rest={latest ? tell(latest) : 'No quarter of today is settled yet.'}
      >
        {(frame) => quarters.map((one) => <QuarterBars key={one.at} quarter={one} length={length} frame={frame} />)}
      </TimeChart>
      <Legend
        items={[
          ['local', 'Your neighbours'],
          ['supplier', 'Your supplier'],
        ]}
      />
      <p className="note">In kWh: up comes in, down goes out. Your own roof’s power at home never passes the meter.</p>
      <TableTwin
        of="This day"
        columns={['Quarter', 'From neighbours', 'From supplier', 'To neighbours', 'To supplier', 'Saved']}
        rows={() =>
          quarters.map(({ at, line }) => [
            formatClock(at, zone.timeZone),
            formatKwh(BigInt(line.boughtWh)),
            formatKwh(BigInt(line.importWh) - BigInt(line.boughtWh)),
            formatKwh(BigInt(line.soldWh)),
            formatKwh(BigInt(line.exportWh) - BigInt(line.soldWh)),
            formatMoney(BigInt(line.savedNano), zone.currency, 4),
          ])
        }
      />
    </div>
  );
}

const quarterOf = (line: StatementLine): Quarter => ({
  at: fromDateTime(line.startsAt),
  bought: Number(line.boughtWh),
  delivered: Number(line.importWh) - Number(line.boughtWh),
  sold: Number(line.soldWh),
  takenBack: Number(line.exportWh) - Number(line.soldWh),
  line,
});

function flows({ importWh, boughtWh, exportWh, soldWh }: StatementLine): string {
  const came = `${formatKwh(BigInt(importWh))} in (neighbours ${formatKwh(BigInt(boughtWh))})`;
  const went = `${formatKwh(BigInt(exportWh))} out (neighbours ${formatKwh(BigInt(soldWh))})`;
  if (importWh === '0') return exportWh === '0' ? 'nothing passed your meter' : went;
  return exportWh === '0' ? came : `${came}, ${went}`;
}

interface QuarterBarsProps {
  readonly quarter: Quarter;
  readonly length: number;
  readonly frame: Frame;
}

function QuarterBars({
  quarter: { at, bought, delivered, sold, takenBack },
  length,
  frame: { x, y },
}: QuarterBarsProps) {
  const left = x(at) + 0.5;
  const width = Math.max(1, x(at + length) - x(at) - 1);
  const bar = (className: string, from: number, to: number) =>
    to > from && <rect className={className} x={left} width={width} y={y(to)} height={y(from) - y(to)} />;
  return (
    <>
      {bar('local', 0, bought)}
      {bar('supplier', bought, bought + delivered)}
      {bar('local', -sold, 0)}
      {bar('supplier', -sold - takenBack, -sold)}
    </>
  );
}
