// Cuts the addresses of clients into the classes that ranges can tell apart, with one address of each.

import type { CidrTest } from './atoms.js';

interface Range {
  readonly bits: 32 | 128;
  readonly base: bigint;
  readonly length: number;
}

/** Preferred examples, in this order: the default client, then addresses for documentation (RFC 5737, RFC 3849). */
const PREFERRED = ['127.0.0.1', '192.0.2.1', '198.51.100.1', '10.0.0.1', '2001:db8::1'];

/** One address of each class, and which tests hold for it. Ranges are nested or apart, so there are as many classes as ranges, and the rest. */
export function addressClasses(
  tests: readonly CidrTest[],
): { readonly value: string; readonly holds: readonly boolean[] }[] {
  const ranges = tests.map((t) => t.cidrs.flatMap((c) => parseRange(c) ?? []));
  const all: Range[] = [{ bits: 32, base: 0n, length: 0 }, { bits: 128, base: 0n, length: 0 }, ...ranges.flat()];
  const found = new Map<string, { value: string; holds: boolean[] }>();
  const consider = (bits: 32 | 128, value: bigint, text: string) => {
    const holds = ranges.map((rs) => rs.some((r) => contains(r, bits, value)));
    const key = holds.join();
    if (!found.has(key)) found.set(key, { value: text, holds });
  };
  for (const text of PREFERRED) {
    const address = parseRange(text)!;
    consider(address.bits, address.base, text);
  }
  for (const range of all) {
    const inner = all.filter(
      (r) => r !== range && r.bits === range.bits && r.length > range.length && contains(range, r.bits, r.base),
    );
    const free = outside(range, inner);
    if (free !== undefined) consider(range.bits, free, formatAddress(range.bits, free));
  }
  return [...found.values()];
}

export function addressHolds(test: CidrTest, address: string): boolean {
  const parsed = parseRange(address);
  return (
    parsed !== undefined &&
    test.cidrs.some((c) => {
      const range = parseRange(c);
      return range !== undefined && contains(range, parsed.bits, parsed.base);
    })
  );
}

const contains = (r: Range, bits: number, value: bigint): boolean =>
  r.bits === bits && value >> BigInt(r.bits - r.length) === r.base >> BigInt(r.bits - r.length);

/** A member of `range` that is in none of `inner`: halves are searched until one is free of ranges. */
function outside(range: Range, inner: readonly Range[]): bigint | undefined {
  if (inner.length === 0) return range.base + (range.length < range.bits ? 1n : 0n);
  if (inner.some((r) => r.length <= range.length)) return undefined;
  const length = range.length + 1;
  for (const half of [0n, 1n]) {
    const child: Range = { bits: range.bits, base: range.base | (half << BigInt(range.bits - length)), length };
    const found = outside(
      child,
      inner.filter((r) => contains(child, r.bits, r.base)),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseRange(text: string): Range | undefined {
  const [address = '', size] = text.trim().split('/');
  const parsed = parseV4(address) ?? parseV6(address);
  if (!parsed) return undefined;
  const length = size === undefined ? parsed.bits : /^\d{1,3}$/.test(size) ? Number(size) : -1;
  if (length < 0 || length > parsed.bits) return undefined;
  const shift = BigInt(parsed.bits - length);
  return { bits: parsed.bits, base: (parsed.value >> shift) << shift, length };
}

function parseV4(text: string): { bits: 32; value: bigint } | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return undefined;
  return { bits: 32, value: parts.reduce((v, p) => (v << 8n) | BigInt(p), 0n) };
}

function parseV6(text: string): { bits: 32 | 128; value: bigint } | undefined {
  if (!text.includes(':')) return undefined;
  const halves = text.replace(/^\[|\]$/g, '').split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((h) => (h === '' ? [] : h.split(':')).flatMap(splitMapped));
  const head = groups[0] ?? [];
  const tail = groups[1] ?? [];
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const list = [...head, ...Array<string>(gap).fill('0'), ...tail];
  if (!list.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  const value = list.reduce((v, g) => (v << 16n) | BigInt(`0x${g}`), 0n);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function splitMapped(group: string): string[] {
  const v4 = group.includes('.') ? parseV4(group) : undefined;
  return v4 ? [(v4.value >> 16n).toString(16), (v4.value & 0xffffn).toString(16)] : [group];
}

function formatAddress(bits: 32 | 128, value: bigint): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((s) => (value >> s) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}
