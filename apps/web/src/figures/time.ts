const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const clocks = new Map<string, Intl.DateTimeFormat>();
const formatterFor = (timeZone: string, shape: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${shape} ${timeZone}`;
  const known = clocks.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options });
  clocks.set(key, known);
  return known;
};

/** `13:15` */
export const formatClock = (at: number, timeZone: string): string =>
  formatterFor(timeZone, 'clock', { hour: '2-digit', minute: '2-digit' }).format(at);

/** `13:15:07`, for a clock that runs at the pace of the wall. */
export const formatSeconds = (at: number, timeZone: string): string =>
  formatterFor(timeZone, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** `Sunday 21 June` */
export const formatDay = (at: number, timeZone: string): string =>
  formatterFor(timeZone, 'day', { weekday: 'long', day: 'numeric', month: 'long' }).format(at).replace(',', '');

/** `13:00–13:15` */
export const formatSpan = (startsAt: number, intervalMinutes: number, timeZone: string): string =>
  `${formatClock(startsAt, timeZone)}–${formatClock(startsAt + intervalMinutes * minuteMs, timeZone)}`;

export const toDateTime = (at: number): string => new Date(at).toISOString();
export const fromDateTime = (text: string): number => Date.parse(text);
export const minutes = (count: number): number => count * minuteMs;
export const hours = (count: number): number => count * hourMs;
export const alignDown = (at: number, step: number): number => at - (at % step);

export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The local day around an instant, half open; it has 23, 24 or 25 hours. */
export function localDay(at: number, timeZone: string): Period {
  const midnight = alignDown(at + offsetMs(at, timeZone), dayMs);
  return { from: fromLocal(midnight, timeZone), to: fromLocal(midnight + dayMs, timeZone) };
}

/** The full local hours in a period that `every` divides, for the marks of an axis. */
export function hourMarks({ from, to }: Period, every: number, timeZone: string): number[] {
  const marks: number[] = [];
  for (let at = alignDown(from + hourMs / 4 - 1, hourMs / 4); at < to; at += hourMs / 4) {
    const local = at + offsetMs(at, timeZone);
    if (local % (every * hourMs) === 0) marks.push(at);
  }
  return marks;
}

/** The second look finds the offset that holds at midnight itself, not at the instant one came from. */
function fromLocal(local: number, timeZone: string): number {
  const near = local - offsetMs(local, timeZone);
  return local - offsetMs(near, timeZone);
}

function offsetMs(at: number, timeZone: string): number {
  const parts = formatterFor(timeZone, 'parts', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - alignDown(at, 1000);
}
