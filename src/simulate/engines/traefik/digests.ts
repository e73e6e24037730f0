// MD5 (RFC 1321) and SHA-1 (RFC 3174): the page of ways-in runs where node:crypto is not.

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

function padded(bytes: readonly number[], bigEndian: boolean): DataView {
  const length = (((bytes.length + 8) >> 6) << 6) + 64;
  const view = new DataView(new ArrayBuffer(length));
  for (const [i, b] of bytes.entries()) view.setUint8(i, b);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(length - (bigEndian ? 4 : 8), bytes.length << 3, !bigEndian);
  return view;
}

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

export function md5(bytes: readonly number[]): number[] {
  const data = padded(bytes, false);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476].map((x) => x | 0);
  for (let block = 0; block < data.byteLength; block += 64) {
    let [a, b, c, d] = state as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!;
      const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16;
      const sum = (a + f + SINES[i]! + data.getInt32(block + g * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotate(sum, SHIFTS[round * 4 + (i % 4)]!)) | 0];
    }
    for (const [i, x] of [a, b, c, d].entries()) state[i] = (state[i]! + x) | 0;
  }
  return state.flatMap((x) => [x & 0xff, (x >>> 8) & 0xff, (x >>> 16) & 0xff, x >>> 24]);
}

/** Of a text whose characters are bytes. */
export function sha1(text: string): Uint8Array {
  const data = padded(
    Array.from(text, (c) => c.charCodeAt(0) & 0xff),
    true,
  );
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0].map((x) => x | 0);
  const words = new Int32Array(80);
  for (let block = 0; block < data.byteLength; block += 64) {
    for (let i = 0; i < 80; i++)
      words[i] =
        i < 16
          ? data.getInt32(block + i * 4)
          : rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
    let [a, b, c, d, e] = state as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const k = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)]!;
      const next = (rotate(a, 5) + f + e + k + words[i]!) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    for (const [i, x] of [a, b, c, d, e].entries()) state[i] = (state[i]! + x) | 0;
  }
  return Uint8Array.from(state.flatMap((x) => [x >>> 24, (x >>> 16) & 0xff, (x >>> 8) & 0xff, x & 0xff]));
}
