// What test/own-keys.test.ts has to find, and what it has to leave alone.

const TABLE: { readonly [key: string]: string } & { readonly a: string } = { a: 'b' };

export const asked = (word: string): readonly unknown[] => [
  TABLE[word],
  word in TABLE,
  TABLE[word as 'a'],
  TABLE.a,
  [1, 2][word.length],
];

export function spread(list: string[], more: readonly string[], pair: readonly [string, string]): number {
  list.push(...more);
  list.push(...pair);
  for (const key in TABLE) list.push(TABLE[key]!);
  return Math.max(...more.map((m) => m.length));
}
