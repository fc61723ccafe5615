import { invariant, microPerKwh } from '@kwartier/units';
import { Random } from './random.js';
import type { BatteryPlan, CarPlan, FeederPlan, HomePlan, SolarPlan, StreetPlan } from './street-plan.js';
import { suppliers } from './suppliers.js';
import { usualAnnualKwh } from './usual-annual-kwh.js';

/** How many of each a street has; who gets them is drawn. */
export interface StreetRecipe {
  readonly zoneId: string;
  readonly zoneName: string;
  readonly homes: number;
  readonly feeders: number;
  readonly schools: number;
  readonly bakeries: number;
  readonly withSolar: number;
  readonly withBattery: number;
  readonly withCar: number;
}

/** Three phases behind main fuses of this size. */
const fuseOf = (amperes: number): number => 3 * 230 * amperes;

export function drawStreet(recipe: StreetRecipe, seed: number): StreetPlan {
  const { zoneId, zoneName, homes, feeders } = recipe;
  invariant(Number.isSafeInteger(seed), 'a seed is a whole number');
  invariant(homes > 0 && feeders > 0 && feeders <= homes, 'a street has homes, and no feeder without any');
  const random = Random.for(seed, 'street', zoneId);
  const kinds = drawKinds(recipe, random);
  const equipped = drawEquipped(recipe, kinds, random);
  const lines = Array.from({ length: feeders }, (_, i) => feeder(zoneId, i, feeders, Math.ceil(homes / feeders)));
  const digits = Math.max(2, String(homes).length);

  return {
    zone: { id: zoneId, name: zoneName, timeZone: 'Europe/Berlin', latitude: 52.43, longitude: 13.26 },
    feeders: lines,
    transformer: {
      pointId: `${zoneId}-trafo`,
      deviceId: `meter-${zoneId}-trafo`,
      name: `Trafo ${zoneName}`,
      ratedW: Math.ceil(homes / 20) * 160_000,
    },
    suppliers,
    homes: kinds.map((kind, i) => {
      const number = String(i + 1).padStart(digits, '0');
      const pointId = `${zoneId}-${number}`;
      const own = Random.for(seed, 'home', pointId);
      return {
        pointId,
        deviceId: `meter-${pointId}`,
        participantId: `haus-${number}`,
        name: nameOf(kind, zoneName, i + 1),
        feederId: lines[Math.floor((i * feeders) / homes)]!.id,
        ...drawBuilding(kind, own, equipped.cars.has(i)),
        ...(equipped.roofs.has(i) && { pv: drawRoof(kind, own) }),
        ...(equipped.batteries.has(i) && { battery: drawBattery(own) }),
        ...(equipped.cars.has(i) && { ev: drawCar(own) }),
        ...drawWish(own, equipped.roofs.has(i)),
      };
    }),
  };
}

function feeder(zoneId: string, index: number, feeders: number, homes: number): FeederPlan {
  const letter =
    feeders <= 26 ? String.fromCharCode(97 + index) : String(index + 1).padStart(String(feeders).length, '0');
  return {
    id: `${zoneId}-${letter}`,
    name: `Feeder ${letter.toUpperCase()}`,
    limitImportW: homes * 8_000,
    limitExportW: homes * 6_000,
  };
}

function drawKinds(recipe: StreetRecipe, random: Random): HomePlan['kind'][] {
  const kinds = Array.from({ length: recipe.homes }, (_, i): HomePlan['kind'] => {
    if (i < recipe.schools) return 'SCHOOL';
    return i < recipe.schools + recipe.bakeries ? 'BAKERY' : 'HOME';
  });
  return random.shuffled(kinds);
}

/** Schools have roofs, bakeries none to spare; only homes with a roof of their own put a battery behind it. */
function drawEquipped(recipe: StreetRecipe, kinds: readonly HomePlan['kind'][], random: Random) {
  const placesOf = (kind: HomePlan['kind']) => random.shuffled([...kinds.keys()].filter((i) => kinds[i] === kind));
  const homes = placesOf('HOME');
  const roofs = [...placesOf('SCHOOL'), ...homes].slice(0, recipe.withSolar);
  return {
    roofs: new Set(roofs),
    batteries: new Set(roofs.filter((i) => kinds[i] === 'HOME').slice(0, recipe.withBattery)),
    cars: new Set(random.shuffled(homes).slice(0, recipe.withCar)),
  };
}

function nameOf(kind: HomePlan['kind'], street: string, houseNumber: number): string {
  switch (kind) {
    case 'HOME':
      return `${street} ${houseNumber}`;
    case 'SCHOOL':
      return `Schule, ${street} ${houseNumber}`;
    case 'BAKERY':
      return `Bäckerei, ${street} ${houseNumber}`;
  }
}

type Building = Pick<HomePlan, 'kind' | 'persons' | 'annualLoadKwh' | 'fuseW' | 'supplierId'>;

function drawBuilding(kind: HomePlan['kind'], random: Random, hasCar: boolean): Building {
  const supplierId = random.chance(0.6) ? suppliers[0]!.id : suppliers[1]!.id;
  switch (kind) {
    case 'SCHOOL':
      return { kind, supplierId, persons: 240, annualLoadKwh: random.whole(34, 46) * 1000, fuseW: fuseOf(100) };
    case 'BAKERY':
      return { kind, supplierId, persons: 6, annualLoadKwh: random.whole(32, 42) * 1000, fuseW: fuseOf(100) };
    case 'HOME': {
      const persons = random.pick([1, 1, 2, 2, 2, 3, 4, 4, 5]);
      const thrift = Math.exp(random.normal(0, 0.3));
      const annualLoadKwh = Math.round((usualAnnualKwh(persons) * Math.min(2, Math.max(0.5, thrift))) / 10) * 10;
      return { kind, supplierId, persons, annualLoadKwh, fuseW: fuseOf(hasCar ? 63 : 35) };
    }
  }
}

function drawRoof(kind: HomePlan['kind'], random: Random): SolarPlan {
  const kwp = kind === 'SCHOOL' ? random.whole(48, 60) / 2 : random.whole(8, 24) / 2;
  return {
    kwp,
    tiltDeg: random.whole(15, 45),
    azimuthDeg: random.chance(0.65)
      ? random.whole(150, 215)
      : random.pick([random.whole(85, 120), random.whole(240, 275)]),
    inverterW: Math.round(kwp * random.between(0.8, 1)) * 1000,
  };
}

function drawBattery(random: Random): BatteryPlan {
  const capacityWh = random.whole(10, 26) * 500;
  return { capacityWh, powerW: Math.round(capacityWh / 200) * 100 };
}

const drawCar = (random: Random): CarPlan => ({
  batteryWh: random.pick([40_000, 52_000, 58_000, 64_000, 77_000]),
  chargerW: random.chance(0.75) ? 11_000 : 3_700,
});

/** Most people never touch a limit, so most homes have none. Whole hundreds, as the price grid has them. */
function drawWish(random: Random, sells: boolean): Pick<HomePlan, 'buyLimitMicroPerKwh' | 'sellLimitMicroPerKwh'> {
  const price = (low: number, high: number) => microPerKwh(BigInt(random.whole(low, high)) * 1000n);
  return {
    ...(random.chance(0.3) && { buyLimitMicroPerKwh: price(200, 300) }),
    ...(sells && random.chance(0.4) && { sellLimitMicroPerKwh: price(85, 150) }),
  };
}
