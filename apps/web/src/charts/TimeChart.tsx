import { type PointerEvent, type ReactNode, useId, useState } from 'react';
import { formatClock, hourMarks, hours, type Period } from '../figures/time.js';
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
  const clipId = useId();
  const [pointedAt, setPointedAt] = useState<number>();
  const x = linear(period.from, period.to, margin.left, width - margin.right);
  const y = linear(low, high, height - margin.bottom, margin.top);
  const marks = hourMarks(period, hoursBetweenMarks(period, width), timeZone);

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
        {marks.map((mark) => (
          <text key={mark} className="hour" x={x(mark)} y={height - 6} textAnchor={anchorAt(x(mark), width)}>
            {formatClock(mark, timeZone)}
          </text>
        ))}
        {/* The window moves on before its newest figures are here; what has left it must not hang over the axis. */}
        <clipPath id={clipId}>
          <rect x={margin.left} y={0} width={Math.max(0, width - margin.left - margin.right)} height={height} />
        </clipPath>
        <g clipPath={`url(#${clipId})`}>{children({ x, y })}</g>
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

/** As many hours as fit without touching: each takes about 56 pixels. */
function hoursBetweenMarks({ from, to }: Period, width: number): number {
  const fitting = Math.max(1, width / 56);
  return [1, 2, 3, 6].find((every) => (to - from) / hours(every) <= fitting) ?? 12;
}

const anchorAt = (place: number, width: number) => (place > width - 24 ? 'end' : 'middle');
