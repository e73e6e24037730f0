// Entries of the transformers: `name:value`, further colons belong to the value.

export function pairOf(entry: string): { readonly name: string; readonly value?: string } {
  const colon = entry.indexOf(':');
  if (colon <= 0) return { name: entry };
  const value = entry.slice(colon).replace(/^:+/, '');
  return { name: entry.slice(0, colon), ...(value === '' ? {} : { value }) };
}
