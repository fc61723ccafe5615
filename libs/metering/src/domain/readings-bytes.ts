import {
  type ByteReader,
  ByteWriter,
  type Instant,
  instant,
  invariant,
  type Malformed,
  reading,
  type Result,
  utf8Bytes,
  type Wh,
  wh,
} from '@kwartier/units';

/** The totals that a meter showed at one instant: never deltas, so a lost message loses no energy. */
export interface SignedRegisters {
  readonly endsAt: Instant;
  readonly importWh: Wh;
  readonly exportWh: Wh;
}

/** Everything that a device's signature covers. */
export interface SignedReadings {
  readonly zoneId: string;
  readonly pointId: string;
  readonly deviceId: string;
  /** Which of the device's keys signs. */
  readonly keyNumber: number;
  /** In ascending time, at least one. */
  readonly readings: readonly SignedRegisters[];
}

const name = utf8Bytes('kwartier/readings/1\n');
const mostKeyNumber = 2 ** 31 - 1;
const mostReadings = 2 ** 16;
const mostSeconds = 253_402_300_799; // 9999-12-31T23:59:59Z, the last that RFC 3339 can spell
const mostTotal = 2n ** 63n - 1n;

/** Readings v1 (docs/formats.md): the bytes that a device signs. They are built from the fields that arrived, and never sent themselves. */
export function readingsBytes(message: SignedReadings): Uint8Array {
  const { zoneId, pointId, deviceId, keyNumber, readings } = message;
  invariant(readings.length > 0 && readings.length <= mostReadings, 'a device signs at least one reading');
  invariant(keyNumber <= mostKeyNumber, 'a key number fits 31 bits');
  const writer = new ByteWriter().raw(name).text(zoneId).text(pointId).text(deviceId);
  writer.varint(keyNumber).varint(readings.length);
  let before = 0;
  readings.forEach(({ endsAt, importWh, exportWh }, i) => {
    const seconds = endsAt / 1000;
    invariant(Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= mostSeconds, 'readings end on a full second');
    invariant(i === 0 || seconds > before, 'readings are in ascending time');
    invariant(importWh <= mostTotal && exportWh <= mostTotal, 'a register total fits 63 bits');
    writer
      .varint(seconds - before)
      .varint(importWh)
      .varint(exportWh);
    before = seconds;
  });
  return writer.take();
}

export function parseReadingsBytes(bytes: Uint8Array): Result<SignedReadings, Malformed> {
  return reading(bytes, (reader) => {
    reader.literal(name);
    const [zoneId, pointId, deviceId] = [reader.text(), reader.text(), reader.text()];
    const keyNumber = reader.small(mostKeyNumber);
    return { zoneId, pointId, deviceId, keyNumber, readings: registers(reader) };
  });
}

function registers(reader: ByteReader): SignedRegisters[] {
  const count = reader.small(mostReadings);
  if (count === 0) return reader.refuse('there is no reading');
  const readings: SignedRegisters[] = [];
  let seconds = 0;
  for (let i = 0; i < count; i++) {
    const step = reader.small(mostSeconds);
    if (i > 0 && step === 0) return reader.refuse('readings are not in ascending time');
    seconds += step;
    if (seconds > mostSeconds) return reader.refuse('a reading ends after the year 9999');
    const importWh = wh(reader.varint(mostTotal));
    const exportWh = wh(reader.varint(mostTotal));
    readings.push({ endsAt: instant(seconds * 1000), importWh, exportWh });
  }
  return readings;
}
