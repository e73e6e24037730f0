// A pattern for every number but some: patterns of RE2 have no negation, and rules of other dialects have none of one header either.

/** Digits that are none of `numbers`, and at least one: `['80']` → `[0-79][0-9]*|8(?:[1-9][0-9]*|0[0-9]+)?`. */
export function otherNumbers(numbers: readonly string[]): string {
  return alternatives(new Set(numbers.filter((number) => number !== '')), true).join('|');
}

/** What may follow where `rest` must not: `isFirst`: nothing is no number. */
function alternatives(rest: ReadonlySet<string>, isFirst: boolean): string[] {
  const byDigit = new Map<string, Set<string>>();
  for (const number of rest) {
    const [digit, ...more] = number;
    if (digit === undefined) continue;
    byDigit.set(digit, (byDigit.get(digit) ?? new Set()).add(more.join('')));
  }
  const free = [...'0123456789'].filter((digit) => !byDigit.has(digit));
  return [
    ...(free.length > 0 ? [`${free.length === 10 ? '[0-9]' : `[${free.join('')}]`}[0-9]*`] : []),
    ...[...byDigit].map(([digit, below]) => `${digit}${group(below)}`),
    ...(isFirst || rest.has('') ? [] : ['']),
  ];
}

const group = (rest: ReadonlySet<string>): string => `(?:${alternatives(rest, false).join('|')})`;
