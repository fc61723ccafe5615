import { accepted, fromHex, type Instant, parseInstant, refused, type Result, type Wh, wh } from '@kwartier/units';

/** Register totals at the end of an interval, as a device read them. */
export interface RegisterTotals {
  readonly endsAt: Instant;
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

/** What a device sends: readings in ascending time under one signature. */
export interface ReadingsMessage {
  readonly zoneId: string;
  readonly pointId: string;
  readonly deviceId: string;
  readonly keyNumber: number;
  readonly readings: readonly RegisterTotals[];
  readonly signature: Uint8Array;
}

export interface Malformed {
  readonly code: 'MALFORMED';
  readonly why: string;
}

export const mostMessageBytes = 256 * 1024;
export const mostReadingsPerMessage = 1_000;
const mostTotalWh = 2n ** 53n;

/**
 * Reads the payload in its one spelling. Every object has exactly its keys, once each; numbers of watt-hours are plain
 * decimal strings. Whatever could be read in two ways is refused.
 */
export function parseReadings(
  zoneId: string,
  pointId: string,
  payload: Uint8Array,
): Result<ReadingsMessage, Malformed> {
  if (payload.length > mostMessageBytes) return malformed(`the message is longer than ${mostMessageBytes} bytes`);
  const message = plainJson(payload);
  if (!hasExactly(message, 'device', 'key', 'readings', 'signature'))
    return malformed('the message is one JSON object with device, key, readings and signature, each once');

  const { device, key, readings, signature } = message;
  if (typeof device !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(device)) return malformed('device is an id');
  if (typeof key !== 'number' || !Number.isInteger(key) || key < 0 || key > 65_535)
    return malformed('key is a number from 0 to 65535');
  if (typeof signature !== 'string' || !/^[0-9a-f]{128}$/.test(signature))
    return malformed('signature is 64 bytes as 128 hex digits');
  if (!Array.isArray(readings) || readings.length === 0 || readings.length > mostReadingsPerMessage)
    return malformed(`readings has 1 to ${mostReadingsPerMessage} entries`);

  const totals: RegisterTotals[] = [];
  for (const reading of readings as unknown[]) {
    const one = parseTotals(reading);
    if (!one) return malformed('a reading has endsAt in UTC, importWh and exportWh as decimal strings');
    if (totals.length > 0 && one.endsAt <= totals.at(-1)!.endsAt) return malformed('readings stand in ascending time');
    totals.push(one);
  }
  return accepted({
    zoneId,
    pointId,
    deviceId: device,
    keyNumber: key,
    readings: totals,
    signature: fromHex(signature)!,
  });
}

function parseTotals(reading: unknown): RegisterTotals | undefined {
  if (!hasExactly(reading, 'endsAt', 'importWh', 'exportWh')) return undefined;
  const endsAt = parseInstant(reading['endsAt']);
  const importWh = parseTotal(reading['importWh']);
  const exportWh = parseTotal(reading['exportWh']);
  if (endsAt === undefined || endsAt % 1000 !== 0 || endsAt <= 0) return undefined;
  return importWh === undefined || exportWh === undefined ? undefined : { endsAt, importWh, exportWh };
}

function parseTotal(text: unknown): Wh | undefined {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const total = BigInt(text);
  return total < mostTotalWh ? wh(total) : undefined;
}

/** JSON in which nothing is said twice: written out again it is the same text, white space aside. */
function plainJson(payload: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text.replace(/[ \t\r\n]+/g, '') ? value : undefined;
  } catch {
    return undefined;
  }
}

function hasExactly<Key extends string>(value: unknown, ...keys: Key[]): value is Record<Key, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const own = Object.keys(value);
  return own.length === keys.length && keys.every((key) => own.includes(key));
}

const malformed = (why: string): Result<never, Malformed> => refused({ code: 'MALFORMED', why });
