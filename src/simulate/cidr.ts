// Is an address in a range: IPv4 and IPv6, an address alone is a range of one. An IPv4-mapped IPv6 address is its IPv4 address.

/** Bits of an address as a number: 32 or 128; null: not an address. */
function parseAddress(text: string): { readonly bits: 32 | 128; readonly value: bigint } | null {
  const v4 = parseV4(text);
  if (v4 !== null) return { bits: 32, value: v4 };
  const v6 = parseV6(text);
  if (v6 === null) return null;
  return v6 >> 32n === 0xffffn ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 };
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | null {
  const halves = text.replace(/^\[|\]$/g, '').split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupsOf)));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

export const isIPv6 = (text: string): boolean => parseV6(text) !== null;

function groupsOf(part: string): string[] {
  const v4 = part.includes('.') ? parseV4(part) : null;
  return v4 === null ? [part] : [(v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16)];
}

/** Rules of one policy ask for the same address, one after the other. */
let last: { readonly text: string; readonly parsed: ReturnType<typeof parseAddress> } | undefined;

function parsedAddress(text: string): ReturnType<typeof parseAddress> {
  if (last?.text !== text) last = { text, parsed: parseAddress(text) };
  return last.parsed;
}

/** Compiles ranges (`10.0.0.0/8`, `::1`); what does not parse contains nothing. */
export function compileCidrs(cidrs: readonly string[]): (address: string) => boolean {
  const ranges = cidrs.flatMap((cidr) => {
    const [address = '', length] = cidr.trim().split('/');
    const base = parseAddress(address);
    const size = length === undefined ? base?.bits : Number(length);
    if (!base || size === undefined || !Number.isInteger(size) || size < 0 || size > base.bits) return [];
    const shift = BigInt(base.bits - size);
    return [{ bits: base.bits, shift, prefix: base.value >> shift }];
  });
  return (address) => {
    const parsed = parsedAddress(address);
    return parsed !== null && ranges.some((r) => r.bits === parsed.bits && parsed.value >> r.shift === r.prefix);
  };
}
