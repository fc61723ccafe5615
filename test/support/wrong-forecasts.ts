import { type Forecast, Forecasts, quantiles } from '@kwartier/forecasting';
import type { Instant } from '@kwartier/units';
import type { TestHouse } from './house.js';

const wrongs: readonly ((right: number, chance: number) => number)[] = [
  (right) => right * 5,
  () => 0,
  (_, chance) => chance % 3_000,
];

/** Of these intervals agents believe figures that are wrong: five times too much, nothing, or anything. */
export function forecastWrongly(house: TestHouse, isMisled: (startsAt: Instant) => boolean): void {
  const forecasts = house.app.get(Forecasts, { strict: false });
  const issue = forecasts.issue.bind(forecasts);
  const latest = forecasts.latest.bind(forecasts);
  const misled = (all: ReadonlyMap<string, Forecast>): ReadonlyMap<string, Forecast> =>
    new Map([...all].map(([pointId, forecast]) => [pointId, isMisled(forecast.startsAt) ? wrong(forecast) : forecast]));
  forecasts.issue = async (zoneId, pointIds, startsAt: Instant) => misled(await issue(zoneId, pointIds, startsAt));
  forecasts.latest = async (pointIds, startsAt) => misled(await latest(pointIds, startsAt));
}

function wrong(forecast: Forecast): Forecast {
  const chance = chanceOf(`${forecast.pointId} ${forecast.startsAt}`);
  const change = wrongs[chance % wrongs.length]!;
  const shift = (wh: readonly number[], salt: number) => quantiles.map((_, i) => change(wh[i]!, chance + salt));
  return { ...forecast, importWh: shift(forecast.importWh, 0), exportWh: shift(forecast.exportWh, 977) };
}

/** The same text is always as wrong as before, so a round that is made again orders the same. */
const chanceOf = (text: string): number =>
  Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
