import type { MicroPerKwh } from '@kwartier/units';

/** A community as its register would hold it: plain data, nothing of how the people in it live. */
export interface StreetPlan {
  readonly zone: ZonePlan;
  readonly feeders: readonly FeederPlan[];
  readonly transformer: TransformerPlan;
  readonly suppliers: readonly SupplierPlan[];
  readonly homes: readonly HomePlan[];
}

export interface ZonePlan {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
}

export interface FeederPlan {
  readonly id: string;
  readonly name: string;
  readonly limitImportW: number;
  readonly limitExportW: number;
}

export interface TransformerPlan {
  readonly pointId: string;
  readonly deviceId: string;
  readonly name: string;
  readonly ratedW: number;
}

export interface SupplierPlan {
  readonly id: string;
  readonly name: string;
  readonly tariff: TariffPlan;
}

/** The rates cover every minute of every weekday exactly once. */
export interface TariffPlan {
  readonly id: string;
  readonly name: string;
  readonly rates: readonly RatePlan[];
}

/** `[fromMinute, toMinute)` of the local day, 0 to 1440. */
export interface RatePlan {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly weekdays: 'ALL' | 'WORKDAYS' | 'WEEKEND';
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly feedInMicroPerKwh: MicroPerKwh;
}

export interface HomePlan {
  readonly pointId: string;
  readonly deviceId: string;
  readonly participantId: string;
  readonly name: string;
  readonly kind: 'HOME' | 'SCHOOL' | 'BAKERY';
  readonly feederId: string;
  readonly supplierId: string;
  readonly persons: number;
  /** What the building uses in a year, without its car. */
  readonly annualLoadKwh: number;
  /** The most that the connection carries, in either direction. */
  readonly fuseW: number;
  readonly pv?: SolarPlan;
  readonly battery?: BatteryPlan;
  readonly ev?: CarPlan;
  /** What the household wished for; without one, its own tariff speaks. */
  readonly buyLimitMicroPerKwh?: MicroPerKwh;
  readonly sellLimitMicroPerKwh?: MicroPerKwh;
}

export interface SolarPlan {
  readonly kwp: number;
  readonly tiltDeg: number;
  /** As on a compass: 90 is east, 180 south, 270 west. */
  readonly azimuthDeg: number;
  readonly inverterW: number;
}

export interface BatteryPlan {
  readonly capacityWh: number;
  readonly powerW: number;
}

export interface CarPlan {
  readonly batteryWh: number;
  readonly chargerW: number;
}
