import { hours, type Instant, invariant, minutes } from '@kwartier/units';
import { floor, min } from './fast-math.js';
import type { LocalDay } from './local-day.js';

interface MeteredDay {
  readonly startsAt: Instant;
  readonly quarters: number;
  /** Per row the import and the export register at the day's start, in Wh. */
  readonly openingWh: Float64Array;
  /** Per row and register what was added since the opening, at the end of each quarter. */
  readonly addedWh: Int32Array;
}

export const importRegister = 0;
export const exportRegister = 1;
type RegisterColumn = typeof importRegister | typeof exportRegister;

/**
 * Meters and their memory: a row per point, of each day only the registers at the ends of its quarters.
 * Meters count whole watt-minutes and show whole Wh, so what a register does not show yet is never lost.
 */
export class RegisterHistory {
  private readonly days: (MeteredDay | undefined)[] = [];
  private readonly countedWattMinutes: Float64Array;
  private readonly startWh: Float64Array;
  private reachesTo: Instant;
  private firstKept = 0;

  /** `startWh` holds, per row, the import and the export register at `from`. */
  constructor(
    private readonly from: Instant,
    startWh: readonly number[],
  ) {
    this.startWh = Float64Array.from(startWh);
    this.countedWattMinutes = this.startWh.map((total) => total * 60);
    this.reachesTo = from;
  }

  get knownUntil(): Instant {
    return this.reachesTo;
  }

  openDay(day: LocalDay): void {
    invariant(day.startsAt === this.reachesTo, 'days are metered one after another');
    this.days.push({
      startsAt: day.startsAt,
      quarters: day.quarters,
      openingWh: this.countedWattMinutes.map((total) => floor(total / 60)),
      addedWh: new Int32Array(this.startWh.length * day.quarters),
    });
    this.reachesTo = day.endsAt;
  }

  /** Counts a row's minutes of the day that was opened last: whole W, import above zero and export below. */
  meter(row: number, netW: Float64Array): void {
    const { quarters, openingWh, addedWh } = this.days.at(-1)!;
    const [imports, exports] = [2 * row + importRegister, 2 * row + exportRegister];
    let imported = this.countedWattMinutes[imports]!;
    let exported = this.countedWattMinutes[exports]!;
    for (let quarter = 0; quarter < quarters; quarter++) {
      for (let minute = 15 * quarter; minute < 15 * quarter + 15; minute++) {
        const watts = netW[minute]!;
        if (watts > 0) imported += watts;
        else exported -= watts;
      }
      addedWh[imports * quarters + quarter] = floor(imported / 60) - openingWh[imports]!;
      addedWh[exports * quarters + quarter] = floor(exported / 60) - openingWh[exports]!;
    }
    this.countedWattMinutes[imports] = imported;
    this.countedWattMinutes[exports] = exported;
  }

  registerWh(row: number, register: RegisterColumn, at: Instant): number {
    const cell = 2 * row + register;
    if (at === this.from) return this.startWh[cell]!;
    const day = this.dayThatMetered(at);
    const quarter = (at - day.startsAt) / minutes(15) - 1;
    return day.openingWh[cell]! + day.addedWh[cell * day.quarters + quarter]!;
  }

  /** Frees the days that end before `at`. */
  forgetBefore(at: Instant): void {
    for (; this.firstKept < this.days.length; this.firstKept++) {
      const next = this.days[this.firstKept + 1];
      if (!next || next.startsAt >= at) return;
      this.days[this.firstKept] = undefined;
    }
  }

  /** A register at midnight is the last of the day that ends there. */
  private dayThatMetered(at: Instant): MeteredDay {
    invariant(at > this.from && at <= this.reachesTo, 'only days that were metered are asked for');
    let number = min(this.days.length - 1, floor((at - this.from) / hours(24)));
    // Clock changes move midnights by an hour: the guess is at most one day beside.
    while (number > 0 && (this.days[number]?.startsAt ?? this.from) >= at) number--;
    const next = this.days[number + 1];
    const day = next && next.startsAt < at ? next : this.days[number];
    invariant(day, 'days that were forgotten are not asked for');
    return day;
  }
}
