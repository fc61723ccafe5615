import { type Refusal, type RefusalCode } from '../domain/refusal.js';

/**
 * Reads the fields of a value that came from outside. The first field that is not what it should be is kept as a
 * refusal; from then on harmless stand-ins are handed out, so that a reader needs no way out in the middle.
 */
export class FieldReader {
  refusal: Refusal | undefined;

  refuse(code: RefusalCode, at: string, why: string): void {
    this.refusal ??= { code, at, why };
  }

  object(value: unknown, at: string): Readonly<Record<string, unknown>> {
    if (isObject(value)) return value;
    this.#malformed(at, 'an object', value);
    return {};
  }

  list(value: unknown, at: string, most: number): readonly unknown[] {
    if (!Array.isArray(value)) {
      this.#malformed(at, 'a list', value);
      return [];
    }
    if (value.length <= most) return value;
    this.refuse('TOO_MANY', at, `at most ${most} entries, not ${value.length}`);
    return [];
  }

  /** Refuses a field that nobody would read; `path` leads to it, `what` says what it stands in. */
  only(fields: Readonly<Record<string, unknown>>, words: readonly string[], path: string, what: string): void {
    const stray = Object.keys(fields).find((word) => fields[word] !== undefined && !words.includes(word));
    if (stray === undefined) return;
    const why = `expected no such field in ${what}, which reads ${words.join(', ')}`;
    this.refuse('MALFORMED', path + shortened(stray), why);
  }

  text(value: unknown, at: string): string {
    if (typeof value === 'string' && value !== '') return value;
    this.#malformed(at, 'a text that is not empty', value);
    return '';
  }

  oneOf<Word extends string>(value: unknown, at: string, words: readonly [Word, ...Word[]]): Word {
    const word = words.find((known) => known === value);
    if (word !== undefined) return word;
    this.#malformed(at, words.map((known) => `"${known}"`).join(' or '), value);
    return words[0];
  }

  /** A whole number within both bounds, the bounds included. */
  whole(value: unknown, at: string, least: number, most: number): number {
    const expected = `a whole number from ${least} to ${most}`;
    if (typeof value !== 'number' || !Number.isInteger(value)) this.#malformed(at, expected, value);
    else if (value < least || value > most) this.refuse('OUT_OF_RANGE', at, `expected ${expected}, found ${value}`);
    else return value === 0 ? 0 : value;
    return Math.max(least, 0);
  }

  #malformed(at: string, expected: string, found: unknown): void {
    this.refuse('MALFORMED', at, `expected ${expected}, found ${inWords(found)}`);
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A foreign value in a few characters, however long or deep it is. */
export function inWords(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? String(value) : typeof value;
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
