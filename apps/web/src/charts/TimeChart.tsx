import { type PointerEvent, type ReactNode, useState } from 'react';
import { formatClock, hourMarks, type Period } from '../figures/time.js';
import { linear, niceMarks, type Scale } from './geometry.js';
import { useWidth } from './useWidth.js';

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
}

interface TimeChartProps {
  /** What the picture shows, for who does not see it. */
  readonly label: string;
  readonly period: Period;
  readonly low: number;
  readonly high: number;
  readonly format: (value: number) => string;
  readonly timeZone: string;
  readonly height?: number;
  /** A dashed line at this instant, with a word. */
  readonly now?: number;
  /** What is true at an instant, for the finger or pointer that rests on it. */
  readonly readout: (at: number) => string | undefined;
  /** Said while nothing is pointed at. */
  readonly rest: string;
  readonly children: (frame: Frame) => ReactNode;
}

const margin = { top: 8, right: 8, bottom: 22, left: 40 };

/** Axes, marks and a read-only pointer; the shapes are the caller's. Reading a chart never changes a setting. */
export function TimeChart(props: TimeChartProps) {
  const { label, period, low, high, format, timeZone, height = 200, now, readout, rest, children } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointedAt, setPointedAt] = useState<number>();
  const x = linear(period.from, period.to, margin.left, width - margin.right);
  const y = linear(low, high, height - margin.bottom, margin.top);
  const everyHours = period.to - period.from > 8 * 3_600_000 ? (width < 480 ? 6 : 3) : width < 240 ? 2 : 1;

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const at = linear(margin.left, width - margin.right, period.from, period.to)(place);
    setPointedAt(at >= period.from && at < period.to ? at : undefined);
  };
  return (
    <div className="chart" ref={box}>
      <p className="readout">{(pointedAt !== undefined && readout(pointedAt)) || rest}</p>
      <svg
        role="img"
        aria-label={label}
        width={width}
        height={height}
        onPointerDown={point}
        onPointerMove={point}
        onPointerLeave={() => setPointedAt(undefined)}
      >
        {niceMarks(low, high, height < 160 ? 2 : 4).map((mark) => (
          <g key={mark} className={mark === 0 ? 'mark zero' : 'mark'}>
            <line x1={margin.left} x2={width - margin.right} y1={y(mark)} y2={y(mark)} />
            <text x={margin.left - 6} y={y(mark)} dy="0.32em" textAnchor="end">
              {format(mark)}
            </text>
          </g>
        ))}
        {hourMarks(period, everyHours, timeZone).map((mark) => (
          <text key={mark} className="hour" x={x(mark)} y={height - 6} textAnchor={anchorAt(x(mark), width)}>
            {formatClock(mark, timeZone)}
          </text>
        ))}
        {children({ x, y })}
        {now !== undefined && (
          <line className="now-line" x1={x(now)} x2={x(now)} y1={margin.top} y2={height - margin.bottom} />
        )}
        {pointedAt !== undefined && (
          <line className="pointer" x1={x(pointedAt)} x2={x(pointedAt)} y1={margin.top} y2={height - margin.bottom} />
        )}
      </svg>
    </div>
  );
}

const anchorAt = (place: number, width: number) => (place > width - 24 ? 'end' : 'middle');
