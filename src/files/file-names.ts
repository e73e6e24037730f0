// File names of objects. Names come from strangers: everything but letters, digits, `.`, `_` and `-` is encoded, so that no name leads to
// another folder or stream; long ones are cut, and those that would fall together (also where case does not count) kept apart by a hash.

import { createHash } from 'node:crypto';

/** Below the 255 bytes that file systems take. */
const LONGEST = 200;

/** `%2F` for a slash. A dot or dash at the beginning would hide a file, or look like a flag. */
const encoded = (text: string): string =>
  text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[^\w.-]/gu, (c) => encodeURIComponent(c).replace(/^[^%]/, byteOf))
    .replace(/^[.-]/, byteOf);

const byteOf = (c: string): string => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** The parts of each name that are not empty, joined by dashes, with `extension` (`.yaml`) at the end: one name per entry, all different. */
export function fileNames(
  entries: readonly { readonly parts: readonly string[]; readonly identity: string }[],
  extension: string,
): string[] {
  const plain = entries.map(({ parts }) => encoded(parts.filter(Boolean).join('-')));
  const uses = countOf(plain.map(folded));
  const hashed = plain.map((name, i) => {
    if (name.length <= LONGEST && uses.get(folded(name)) === 1) return name;
    const hash = createHash('sha256').update(entries[i]!.identity).digest('hex').slice(0, 10);
    // A percent sign and what follows is not cut in two.
    return `${name.slice(0, LONGEST).replace(/%.?$/, '')}-${hash}`;
  });
  // Objects that are the same in everything that names them.
  const taken = new Map<string, number>();
  return hashed.map((name) => {
    const before = taken.get(folded(name)) ?? 0;
    taken.set(folded(name), before + 1);
    return `${name}${before === 0 ? '' : `-${before + 1}`}${extension}`;
  });
}

const folded = (name: string): string => name.toLowerCase();

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
