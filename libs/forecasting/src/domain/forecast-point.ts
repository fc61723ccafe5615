import { ByteWriter, hex, type Instant, sha256 } from '@kwartier/units';
import { blend, type Level } from './blend.js';
import type { Forecast } from './forecast.js';

export const model = 'blend/1';

/** What is known of a point on one earlier day. */
export interface EarlierDay {
  readonly importWh: number;
  readonly exportWh: number;
}

/** Forecasts both registers; they are never netted. The level is the worse of the two. */
export function forecastPoint(
  pointId: string,
  startsAt: Instant,
  issuedAt: Instant,
  history: readonly (EarlierDay | undefined)[],
  sameClass: readonly boolean[],
): Forecast {
  const imports = blend(
    history.map((day) => day?.importWh),
    sameClass,
  );
  const exports = blend(
    history.map((day) => day?.exportWh),
    sameClass,
  );
  return {
    pointId,
    startsAt,
    issuedAt,
    model,
    level: Math.max(imports.level, exports.level) as Level,
    inputsHash: hashOf(startsAt, history, sameClass),
    importWh: imports.wh,
    exportWh: exports.wh,
  };
}

function hashOf(
  startsAt: Instant,
  history: readonly (EarlierDay | undefined)[],
  sameClass: readonly boolean[],
): string {
  const bytes = new ByteWriter().text(model).varint(startsAt / 1000);
  history.forEach((day, i) => {
    bytes.byte((day ? 1 : 0) | (sameClass[i] ? 2 : 0));
    if (day) bytes.varint(day.importWh).varint(day.exportWh);
  });
  return hex(sha256(bytes.take()).subarray(0, 8));
}
