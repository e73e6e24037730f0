// Ranges of addresses (envoy.config.core.v3.CidrRange), as text.

import type { Node } from './node.js';
import { number, text } from './values.js';

/** `10.0.0.0/8`. */
export function cidrOf(range: Node): string {
  const address = text(range, 'address_prefix') ?? '';
  return `${address}/${number(range, 'prefix_len') ?? 0}`;
}
