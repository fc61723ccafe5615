/**
 * Bound once, because these are called for every minute of every home: in a test runner's sandbox, looking up the
 * global costs more than the arithmetic.
 */
export const { floor, imul, max, min, round, sqrt } = Math;
