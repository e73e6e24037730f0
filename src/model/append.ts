// Adding many to a list. Spread into a call (`list.push(...more)`, `Math.max(...all)`) they would all stand on the stack,
// which ends at about 120,000 of them: files decide how many there are (test/own-keys.test.ts finds such calls).

export function append<T>(list: T[], more: Iterable<T>): void {
  for (const one of more) list.push(one);
}

/** The greatest of the numbers and of `floor`. */
export const greatest = (numbers: Iterable<number>, floor: number): number => {
  let most = floor;
  for (const n of numbers) if (n > most) most = n;
  return most;
};
