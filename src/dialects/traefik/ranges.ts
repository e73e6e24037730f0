// Ranges of addresses: what is in two of them, and what is in none.

interface Range {
  readonly bits: 32 | 128;
  readonly length: number;
  readonly value: bigint;
}

function parsed(text: string): Range | undefined {
  const [address = '', size] = text.split('/');
  const value = address.includes(':') ? v6(address) : v4(address);
  if (value === undefined) return undefined;
  const bits = address.includes(':') ? 128 : 32;
  const length = size === undefined ? bits : Number(size);
  const shift = BigInt(bits - length);
  return { bits, length, value: (value >> shift) << shift };
}

function v4(text: string): bigint | undefined {
  const parts = text.split('.').map(Number);
  return parts.length === 4 && parts.every((n) => Number.isInteger(n) && n >= 0 && n < 256)
    ? parts.reduce((sum, n) => (sum << 8n) | BigInt(n), 0n)
    : undefined;
}

function v6(text: string): bigint | undefined {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all =
    tail === undefined
      ? front
      : [...front, ...Array<string>(Math.max(8 - front.length - back.length, 0)).fill('0'), ...back];
  if (all.length !== 8 || all.some((g) => !/^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  return all.reduce((sum, g) => (sum << 16n) | BigInt(`0x${g}`), 0n);
}

function text({ bits, length, value }: Range): string {
  const address =
    bits === 32
      ? [24n, 16n, 8n, 0n].map((s) => (value >> s) & 255n).join('.')
      : Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');
  return `${address}/${length}`;
}

/** The smaller of two nested ranges; none where they share nothing. */
export function smaller(a: string, b: string): readonly string[] {
  const [x, y] = [parsed(a), parsed(b)];
  if (!x || !y || x.bits !== y.bits) return [];
  const [wide, narrow] = x.length <= y.length ? [x, y] : [y, x];
  const shift = BigInt(wide.bits - wide.length);
  return narrow.value >> shift === wide.value >> shift ? [text(narrow)] : [];
}

/** Ranges that hold every address that is in none of `cidrs`. */
export function complementOf(cidrs: readonly string[]): readonly string[] {
  return ['0.0.0.0/0', '::/0'].flatMap((all) =>
    cidrs.reduce<readonly string[]>((left, cidr) => left.flatMap((range) => minus(range, cidr)), [all]),
  );
}

function minus(range: string, cidr: string): readonly string[] {
  const [x, y] = [parsed(range), parsed(cidr)];
  if (!x || !y || smaller(range, cidr).length === 0) return [range];
  if (y.length <= x.length) return [];
  const out: string[] = [];
  for (let length = x.length + 1; length <= y.length; length++) {
    const shift = BigInt(x.bits - length);
    out.push(text({ bits: x.bits, length, value: ((y.value >> shift) ^ 1n) << shift }));
  }
  return out;
}
