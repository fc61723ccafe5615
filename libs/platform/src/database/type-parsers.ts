import pg from 'pg';

const int8 = 20;
const timestamptz = 1184;
const int8Array = 1016;

type Parser = (text: string) => unknown;

/** 64-bit integers become bigint and instants become Instant (ms), for our connections only. */
export const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
    if (format !== 'binary') {
      if (oid === int8) return BigInt;
      if (oid === timestamptz) return parseTimestamptz;
      if (oid === int8Array) return (text) => text.slice(1, -1).split(',').filter(Boolean).map(BigInt);
    }
    return pg.types.getTypeParser(oid, format as 'text') as Parser;
  },
};

/** `2026-06-21 12:00:00.123+00`: our sessions run in UTC. */
export function parseTimestamptz(text: string): number {
  const at = Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`);
  if (Number.isNaN(at)) throw new Error(`PostgreSQL sent a time that is none: ${text}`);
  return at;
}
