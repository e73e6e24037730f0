// Lists of addresses and networks as the controller reads them: internal/net/ipnet.go (ParseIPNets) with Go's
// net.ParseCIDR and net.ParseIP; networks are masked, and one bad entry spoils the list.

import { isIP } from 'node:net';

/** Sorted as the controller sorts them; undefined where an entry is not an address. */
export function parseAddresses(text: string): readonly string[] | undefined {
  const found = new Set<string>();
  for (const part of text.split(',')) {
    const entry = part.trim();
    const slash = entry.indexOf('/');
    const address = slash < 0 ? entry : entry.slice(0, slash);
    const family = isIP(address);
    if (family === 0 || address.includes('%')) return undefined;
    if (slash < 0) {
      found.add(entry);
      continue;
    }
    const bits = entry.slice(slash + 1);
    if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
    found.add(family === 4 ? `${mask(address, Number(bits))}/${Number(bits)}` : `${address}/${Number(bits)}`);
  }
  return [...found].sort();
}

function mask(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const masked = bits === 0 ? 0 : Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
  return [24, 16, 8, 0].map((shift) => Math.floor(masked / 2 ** shift) % 256).join('.');
}
