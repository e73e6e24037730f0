// What meshgw found, as JSON. Data stays whole; sentences about it, which may repeat a value of megabytes, are cut.

import { shortened } from '../diagnostics/index.js';

/** Fields of findings, results and reports that hold sentences for people. */
const SENTENCES = new Set(['message', 'reason', 'text', 'detail']);

/** Indented, with a line break at its end. Not for objects of the user: their fields may have these names. */
export const reportJson = (report: unknown): string =>
  `${JSON.stringify(report, (key, value) => (typeof value === 'string' && SENTENCES.has(key) ? shortened(value) : value), 2)}\n`;
