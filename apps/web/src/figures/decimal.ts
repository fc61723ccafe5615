/** A whole number of small units as a decimal text, exact: `decimal(-1_250n, 3)` is `-1.250`. */
export function decimal(value: bigint, places: number): `${number}` {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${value < 0n ? '-' : ''}${text}` as `${number}`;
}
