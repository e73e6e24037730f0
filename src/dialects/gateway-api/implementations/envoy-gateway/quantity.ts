// A Kubernetes quantity as a number of bytes: `1Mi`, `500k`, `1e3` (apimachinery, pkg/api/resource).

import type { Json } from '../../../../model/index.js';

const FACTOR: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
]);

/** Undefined for what is none. */
export function quantityOf(written: Json | undefined): number | undefined {
  if (typeof written === 'number') return written;
  if (typeof written !== 'string') return undefined;
  const [, digits = '', exponent = '', suffix = ''] =
    /^([0-9]+(?:\.[0-9]*)?)(?:[eE]([0-9]{1,2}))?([kMGT]i?|Ki)?$/.exec(written) ?? [];
  const factor = FACTOR.get(suffix);
  if (digits === '' || factor === undefined) return undefined;
  return Math.ceil(Number(digits) * 10 ** Number(exponent || 0) * factor);
}
