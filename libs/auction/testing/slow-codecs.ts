import type { BookOrder } from '../src/index.js';
import { unpackVarints } from './slow-varints.js';

/** Reads a Book v1 in the obvious way, the words of docs/formats.md one after another; undefined where the page refuses it. */
export function slowBook(bytes: Uint8Array, tickCount: number): BookOrder[] | undefined {
  const numbers = unpackVarints(bytes);
  if (!numbers.ok || numbers.value.length % 3 !== 0) return undefined;
  const values = numbers.value.map(({ value }) => value);
  const triples = Array.from({ length: values.length / 3 }, (_, i) => values.slice(3 * i, 3 * i + 3));
  let member = 0n;
  let before: readonly bigint[] = [0n, 0n, 0n];
  const book: BookOrder[] = [];
  for (const [step, limit, energyWh] of triples as [bigint, bigint, bigint][]) {
    member += step;
    if (member >= 2n ** 31n || limit >> 1n >= BigInt(tickCount) || energyWh < 1n || energyWh >= 2n ** 31n)
      return undefined;
    const order = [member, limit, energyWh];
    const differs = order.findIndex((value, i) => value !== before[i]);
    if (differs >= 0 && order[differs]! < before[differs]!) return undefined;
    before = order;
    book.push({ member: Number(member), side: limit & 1n ? 'SELL' : 'BUY', tick: Number(limit >> 1n), energyWh });
  }
  return book;
}

/** Bytes that are nearly what somebody wrote: one number changed, or one byte changed, dropped or added. */
export function damaged(bytes: Uint8Array, kind: number, at: number, byte: number): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const list = [...bytes];
  if (kind === 0 && bytes.length > 0) list[place]! ^= byte || 1;
  else if (kind === 1) list.splice(place, 1);
  else if (kind === 2) list.splice(place, 0, byte);
  else list.length = place;
  return Uint8Array.from(list);
}
