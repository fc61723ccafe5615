import { max, min } from './fast-math.js';
import type { BatteryPlan } from './street-plan.js';

/** Either way through converter and cells. */
const efficiency = 0.95;
/** What its electronics draw from the cells, day and night. */
const idleW = 15;
/** How much of a change the controller follows within a minute: hence the little that leaks past a battery either way. */
const followed = 0.8;

/** Stores what the roof has to spare and gives it back to the house. */
export class Battery {
  private storedWattMinutes: number;
  private readonly capacityWattMinutes: number;
  private aimedW = 0;

  constructor(private readonly plan: BatteryPlan) {
    this.capacityWattMinutes = plan.capacityWh * 60;
    this.storedWattMinutes = this.capacityWattMinutes / 2;
  }

  /** One minute in which the house has this much to spare or, below zero, lacks it: what the battery draws or gives. */
  balance(spareW: number): number {
    this.aimedW += followed * (spareW - this.aimedW);
    this.storedWattMinutes = max(0, this.storedWattMinutes - idleW);
    return this.aimedW > 0 ? this.charge(this.aimedW) : -this.discharge(-this.aimedW);
  }

  private charge(offeredW: number): number {
    const room = (this.capacityWattMinutes - this.storedWattMinutes) / efficiency;
    const takenW = min(offeredW, this.plan.powerW, room);
    this.storedWattMinutes += takenW * efficiency;
    return takenW;
  }

  private discharge(neededW: number): number {
    const givenW = min(neededW, this.plan.powerW, this.storedWattMinutes * efficiency);
    this.storedWattMinutes -= givenW / efficiency;
    return givenW;
  }
}
