import { max, min } from './fast-math.js';
import type { LocalDay } from './local-day.js';
import { isOut, type Presence } from './presence.js';
import type { Random } from './random.js';
import type { CarPlan } from './street-plan.js';

const whPerKilometre = 175;
/** Nobody comes home with less than a tenth. */
const mostMissing = 0.9;

/** Drives by day, and is plugged in for the night once enough is missing to be worth the walk to the cable. */
export class Car {
  private missingWattMinutes: number;
  private isPlugged = false;
  private leavesAt = 0;
  private returnsAt = 0;
  private usesWattMinutes = 0;
  private readonly kilometresADay: number;
  private readonly worthTheWalk: number;

  constructor(
    private readonly plan: CarPlan,
    random: Random,
  ) {
    this.missingWattMinutes = plan.batteryWh * 60 * random.between(0, 0.3);
    this.kilometresADay = random.between(18, 65);
    this.worthTheWalk = plan.batteryWh * 60 * random.between(0.07, 0.28);
  }

  startDay(day: LocalDay, presence: Presence, random: Random): void {
    const stays = !isOut(presence) || random.chance(0.15);
    // On a journey it is charged elsewhere.
    this.leavesAt = presence.isTravelling ? 0 : stays ? day.minutes : presence.leavesAt;
    this.returnsAt = presence.isTravelling || stays ? day.minutes : eveningAfter(day, presence, random);
    this.usesWattMinutes = presence.isTravelling
      ? 0
      : 60 * whPerKilometre * this.kilometresADay * random.between(0.5, 1.7);
  }

  /** What the charger draws in this minute, in W; it leaves the main fuse to the house. */
  charge(minute: number, leftByFuseW: number): number {
    if (minute === this.leavesAt) this.leave();
    if (minute === this.returnsAt) this.isPlugged = this.missingWattMinutes > this.worthTheWalk;
    if (!this.isPlugged) return 0;
    const drawnW = max(0, min(this.plan.chargerW, leftByFuseW, this.missingWattMinutes));
    this.missingWattMinutes -= drawnW;
    return drawnW;
  }

  private leave(): void {
    this.isPlugged = false;
    const most = mostMissing * this.plan.batteryWh * 60;
    this.missingWattMinutes = min(most, this.missingWattMinutes + this.usesWattMinutes);
  }
}

/** Whoever comes home at noon may drive again; the cable is plugged in when the car stays. */
const eveningAfter = (day: LocalDay, presence: Presence, random: Random): number =>
  max(presence.returnsAt, day.at(random.between(17 * 60, 19.5 * 60)));
