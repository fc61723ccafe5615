/** Maps a value of the domain to a place on the screen. */
export type Scale = (value: number) => number;

export function linear(low: number, high: number, start: number, end: number): Scale {
  const span = high - low || 1;
  return (value) => start + ((value - low) / span) * (end - start);
}

/** A value that holds from one instant to another. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

export interface BandStep {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** A stepped line; where an interval is missing the line stops and starts again, it bridges nothing. */
export const stepPath = (steps: readonly Step[], x: Scale, y: Scale): string =>
  unbroken(steps)
    .map(
      (run) => `M${run.map((step) => `${at(x(step.from), y(step.value))}L${at(x(step.to), y(step.value))}`).join('L')}`,
    )
    .join('');

/** The area between two stepped lines, one closed shape for each unbroken stretch. */
export const bandPath = (steps: readonly BandStep[], x: Scale, y: Scale): string =>
  unbroken(steps)
    .map((run) => {
      const over = run.map((step) => `${at(x(step.from), y(step.high))}L${at(x(step.to), y(step.high))}`);
      const back = run.toReversed().map((step) => `${at(x(step.to), y(step.low))}L${at(x(step.from), y(step.low))}`);
      return `M${[...over, ...back].join('L')}Z`;
    })
    .join('');

/** Round marks from low to high, about `wanted` of them, at 1, 2 or 5 times a power of ten. */
export function niceMarks(low: number, high: number, wanted: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // `+ 0` turns the minus zero of rounding up into a plain one.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0);
}

function unbroken<S extends { readonly from: number; readonly to: number }>(steps: readonly S[]): S[][] {
  const runs: S[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (run && run.at(-1)?.to === step.from) run.push(step);
    else runs.push([step]);
  }
  return runs;
}

const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
