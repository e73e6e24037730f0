// A field that no table has, as an unknown.

import type { Unsupported } from '../../../model/index.js';
import { type Node, originAt } from './node.js';

/** `part`: what it is a field of, in the name: `route.field.internal_redirect_policy`. */
export const unknownField = (part: string, node: Node, effect: Unsupported['effect']): Unsupported => ({
  feature: `${isOfFilter(node) ? 'filter' : part}.field.${String(node.key)}`,
  detail: `the field ${String(node.key)}, which meshgw does not read`,
  effect,
  content: node.value,
  origin: originAt(node),
});

const FILTERS = /^(?:typed_?per_?filter_?config|http_?filters)$/i;

const isOfFilter = ({ key, above }: Node): boolean =>
  FILTERS.test(String(key)) || (above !== undefined && isOfFilter(above));
