import type { LocalDay } from './local-day.js';
import { Random, type StreamName } from './random.js';

export type Rhythm = 'WORKERS' | 'FAMILY' | 'RETIRED' | 'HOME_OFFICE';

/** When anybody is up and at home on one day; times are minutes of that day. */
export interface Presence {
  readonly isTravelling: boolean;
  readonly wakesAt: number;
  /** Equal to `returnsAt` on a day at home. */
  readonly leavesAt: number;
  readonly returnsAt: number;
  readonly sleepsAt: number;
}

export const isOut = (presence: Presence): boolean => presence.returnsAt > presence.leavesAt;

export const isUpAndHome = (presence: Presence, minute: number): boolean =>
  !presence.isTravelling &&
  minute >= presence.wakesAt &&
  minute < presence.sleepsAt &&
  (minute < presence.leavesAt || minute >= presence.returnsAt);

/** Hours of the wall clock, each spread by half an hour or so, and how likely it is that all leave the house. */
interface Hours {
  readonly wakes: number;
  readonly leaves: number;
  readonly returns: number;
  readonly sleeps: number;
  readonly goesOut: number;
}
const workdays: Record<Rhythm, Hours> = {
  WORKERS: { wakes: 6.4, leaves: 7.6, returns: 17.4, sleeps: 22.8, goesOut: 0.93 },
  FAMILY: { wakes: 6.2, leaves: 7.8, returns: 14.6, sleeps: 22.4, goesOut: 0.85 },
  RETIRED: { wakes: 7.4, leaves: 10, returns: 11.9, sleeps: 22.5, goesOut: 0.5 },
  HOME_OFFICE: { wakes: 7.2, leaves: 18, returns: 19.2, sleeps: 23.2, goesOut: 0.4 },
};
const freeDays: Record<Rhythm, Hours> = {
  WORKERS: { wakes: 8.5, leaves: 13, returns: 18, sleeps: 23.5, goesOut: 0.6 },
  FAMILY: { wakes: 7.8, leaves: 13.5, returns: 17.5, sleeps: 22.8, goesOut: 0.6 },
  RETIRED: { wakes: 7.6, leaves: 14, returns: 17, sleeps: 22.5, goesOut: 0.45 },
  HOME_OFFICE: { wakes: 8.8, leaves: 12.5, returns: 17, sleeps: 23.6, goesOut: 0.6 },
};

/** How one household spends its days: its rhythm, its own hours, and its journeys. */
export class Habit {
  private readonly earlier: number;
  private journeys: { readonly year: number; readonly days: ReadonlySet<number> } | undefined;

  constructor(
    readonly rhythm: Rhythm,
    private readonly name: StreamName,
  ) {
    this.earlier = Random.for(...name, 'hours').normal(0, 0.5);
  }

  presenceOn(day: LocalDay): Presence {
    const random = Random.for(...this.name, 'presence', day.number);
    const hours = (day.isWorkday ? workdays : freeDays)[this.rhythm];
    const moment = (hour: number) => day.at(60 * random.normal(hour + this.earlier, 0.4));
    const wakesAt = moment(hours.wakes);
    const sleepsAt = Math.max(wakesAt + 60, moment(hours.sleeps));
    const leavesAt = Math.max(wakesAt + 20, moment(hours.leaves));
    const returnsAt = random.chance(hours.goesOut) ? Math.max(leavesAt, moment(hours.returns)) : leavesAt;
    return { isTravelling: this.isTravelling(day), wakesAt, leavesAt, returnsAt, sleepsAt };
  }

  private isTravelling(day: LocalDay): boolean {
    if (this.journeys?.year !== day.year) this.journeys = { year: day.year, days: this.journeysIn(day.year) };
    return this.journeys.days.has(day.dayOfYear);
  }

  /** A long journey around summer for most, and a short one at any time. */
  private journeysIn(year: number): Set<number> {
    const random = Random.for(...this.name, 'journeys', year);
    const days = new Set<number>();
    const travel = (from: number, length: number) => {
      for (let day = from; day < from + length; day++) days.add(day);
    };
    if (random.chance(0.8)) travel(random.whole(150, 250), random.whole(7, 16));
    if (random.chance(0.7)) travel(random.whole(0, 360), random.whole(2, 6));
    return days;
  }
}
