import { inWords, isObject } from './field-reader.js';

/** What of an expectation did not come out, one line each, beginning with the field's name; none where all did. */
export function differences(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  return Object.keys(expected).flatMap((field) => compare(expected[field], own(found, field), field));
}

/** Orders that an expectation of fills leaves out were not to be filled. */
export function unexpectedFills(expectedFills: unknown, fills: unknown): string[] {
  if (!isObject(expectedFills) || !isObject(fills)) return [];
  return Object.keys(fills)
    .filter((id) => fills[id] !== 0 && !Object.hasOwn(expectedFills, id))
    .map((id) => `fills.${id}: expected nothing, found ${inWords(fills[id])}`);
}

/** Goes only as deep as what was found, so that nothing foreign decides how deep. */
function compare(expected: unknown, found: unknown, at: string): string[] {
  if (Array.isArray(found) && Array.isArray(expected) && found.length === expected.length) {
    return found.flatMap((entry, i) => compare(expected[i], entry, `${at}[${i}]`));
  }
  if (isObject(found) && isObject(expected)) {
    return Object.keys(expected).flatMap((key) => compare(expected[key], own(found, key), `${at}.${key}`));
  }
  if (isSimple(found) && found === expected) return [];
  return [`${at}: expected ${inWords(expected)}, found ${inWords(found)}`];
}

const own = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const isSimple = (value: unknown): boolean => typeof value !== 'object' || value === null;
