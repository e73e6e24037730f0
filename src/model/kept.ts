// What decides and must not be written: hashes of passwords. The model holds a name for them; the contents stay in this process, so that no
// output, and no page that is passed on, can hold them.

const contents = new Map<string, readonly string[]>();

/** Most names of one Secret with other contents each; beyond it they count as not kept. */
const MOST = 1000;

/** Keeps lines; the name is the same for the same lines and another for others, so that comparisons see the difference. */
export function keep(owner: string, lines: readonly string[]): string {
  for (let i = 1; i <= MOST; i++) {
    const name = i === 1 ? owner : `${owner} (${i})`;
    const known = contents.get(name);
    if (!known) contents.set(name, lines);
    if (!known || (known.length === lines.length && known.every((line, at) => line === lines[at]))) return name;
  }
  return `${owner} (not kept)`;
}

/** Undefined: not kept in this process (the page of `ways-in` in a browser). */
export const keptLines = (name: string): readonly string[] | undefined => contents.get(name);
