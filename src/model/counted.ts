// A number with its noun: the one place that knows how nouns of messages form their plural.

/** `1 rule`, `2 rules`, `0 Ingresses`, `3 entries`. `noun` is singular; of several words the last one changes. */
export const counted = (n: number, noun: string): string => `${n} ${n === 1 ? noun : pluralOf(noun)}`;

function pluralOf(noun: string): string {
  if (/(?:s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
