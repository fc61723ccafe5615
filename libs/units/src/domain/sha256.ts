/**
 * SHA-256 (FIPS 180-4) without a platform, so that a browser, a phone or a replay needs nothing but this file.
 * Where speed counts, adapters may use their platform's; the results are equal by test.
 */
export function sha256(message: Uint8Array): Uint8Array {
  const state = Uint32Array.from(initial);
  const schedule = new Uint32Array(64);
  const whole = message.length >>> 6;
  for (let block = 0; block < whole; block++) absorb(state, schedule, message, block * 64);

  const rest = message.subarray(whole * 64);
  const tail = new Uint8Array(rest.length < 56 ? 64 : 128);
  tail.set(rest);
  tail[rest.length] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(tail.length - 4, (message.length << 3) >>> 0);
  for (let at = 0; at < tail.length; at += 64) absorb(state, schedule, tail, at);

  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => out.setUint32(4 * i, word));
  return digest;
}

function absorb(state: Uint32Array, w: Uint32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const j = at + 4 * i;
    w[i] = (bytes[j]! << 24) | (bytes[j + 1]! << 16) | (bytes[j + 2]! << 8) | bytes[j + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15]!;
    const b = w[i - 2]!;
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0;
    const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The first 32 bits of the fractional parts of roots of primes, computed in integers: floor(p^(1/k) * 2^32) mod 2^32. */
function fractionOfRoot(prime: bigint, k: 2n | 3n): number {
  const target = prime << (32n * k);
  let low = 0n;
  let high = 1n << 36n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** k <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffff_ffffn);
}

const primes: bigint[] = [];
for (let n = 2n; primes.length < 64; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
const initial = Uint32Array.from(primes.slice(0, 8), (prime) => fractionOfRoot(prime, 2n));
const constants = Uint32Array.from(primes, (prime) => fractionOfRoot(prime, 3n));
