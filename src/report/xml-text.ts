// Text from files in XML for CI systems.

import { table } from '../model/index.js';

const ENTITIES = table<string>({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
});
/** For an attribute or between tags. XML 1.0 has no place for control characters, not even escaped, nor for half surrogate pairs. */
export const xml = (text: string): string =>
  text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (c) => ENTITIES.get(c)!)
    // What a CI runner would take for a command; XML reads the same from it.
    .replaceAll(/#(?=#\w{0,40}\[)/g, '&#35;')
    .replaceAll(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);
