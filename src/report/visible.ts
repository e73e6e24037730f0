// What comes from files must not command the terminal, nor begin a line that a CI runner takes for a command, nor fill the screen.

import { LONGEST_WORD, shortened } from '../diagnostics/index.js';
import { own } from '../model/index.js';

/** One line, without control characters (tabs aside) and those that turn the direction of text; long values cut. */
export const visible = (text: string): string =>
  shortened(text)
    .replaceAll(/\r?\n/g, ' ')
    .replaceAll(/(?!\t)[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');

const SUSPECT = /(?!\t)[\p{Cc}\p{Bidi_Control}]/u;

/** The same data with every text, keys too, made visible; itself where all are. Bodies are left: they are shown as JSON. */
export function visibleData<T>(value: T): T {
  if (typeof value === 'string')
    return (value.length > LONGEST_WORD || SUSPECT.test(value) ? visible(value) : value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => visibleData(item));
    return (items.some((item, i) => item !== value[i]) ? items : value) as T;
  }
  const entries = Object.entries(value).map(([key, v]: [string, unknown]): [string, unknown] => [
    visibleData(key),
    key === 'body' ? v : visibleData(v),
  ]);
  const same = entries.every(
    ([key, v]) => Object.hasOwn(value, key) && v === own(value as Record<string, unknown>, key),
  );
  return same ? value : (Object.fromEntries(entries) as T);
}
