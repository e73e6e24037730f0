// SHA-256 (FIPS 180-4) and HMAC (RFC 2104): the page of ways-in runs where node:crypto is not.

const BLOCK = 64;
const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const primes = (count: number): readonly number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
};
/** The first 32 bits behind the point. */
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
const ROUNDS = primes(64).map((p) => fraction(Math.cbrt(p)));
const START = primes(8).map((p) => fraction(Math.sqrt(p)));

function sha256(bytes: Uint8Array): Uint8Array {
  const data = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) << 6) + BLOCK));
  for (const [i, byte] of bytes.entries()) data.setUint8(i, byte);
  data.setUint8(bytes.length, 0x80);
  data.setUint32(data.byteLength - 4, bytes.length << 3);
  const state = [...START];
  const words = new Int32Array(64);
  for (let at = 0; at < data.byteLength; at += BLOCK) {
    for (let i = 0; i < 64; i++) words[i] = i < 16 ? data.getInt32(at + i * 4) : word(words, i);
    mix(state, words);
  }
  return Uint8Array.from(state.flatMap((x) => [x >>> 24, (x >>> 16) & 0xff, (x >>> 8) & 0xff, x & 0xff]));
}

function word(words: Int32Array, i: number): number {
  const [a, b] = [words[i - 15]!, words[i - 2]!];
  const small = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
  const large = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
  return (words[i - 16]! + small + words[i - 7]! + large) | 0;
}

function mix(state: number[], words: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g));
    const first = (h + one + ROUNDS[i]! + words[i]!) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [i, x] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + x) | 0;
}

export function hmacSha256(key: Uint8Array, text: Uint8Array): Uint8Array {
  const short = key.length > BLOCK ? sha256(key) : key;
  const pad = (byte: number) => Uint8Array.from({ length: BLOCK }, (_, i) => (short[i] ?? 0) ^ byte);
  return sha256(joined(pad(0x5c), sha256(joined(pad(0x36), text))));
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => Uint8Array.from([...a, ...b]);
