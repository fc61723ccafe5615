import { type BookColumns, tickOf } from '../book/columns.js';

/** By how many ticks a limit is better than a price, or than another limit of its side, in the eyes of the other side. */
export const isBetterBy = (limit: number, tick: number): number =>
  limit & 1 ? tick - tickOf(limit) : tickOf(limit) - tick;

export const wantsNoMore = ({ wh }: BookColumns, fillsWh: Int32Array, i: number): boolean => fillsWh[i] === wh[i];
