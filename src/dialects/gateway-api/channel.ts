// Fields that not every cluster has: the CRDs of some versions and channels drop them. Where nobody says which CRDs there are, they count.

import { type Assumption, originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import type { ReadOptions } from '../dialect.js';
import { writtenRules } from './features/rule.js';
import { has } from './fields.js';
import { HTTP_ROUTE } from './kinds.js';
import { profile } from './profile.js';

/** Of the fields that answers depend on: `retry` of an HTTPRoute (experimental in Gateway API 1.6, standard since 1.7). */
export function channelAssumptions(catalog: Catalog, _: unknown, { flags = {} }: ReadOptions): Assumption[] {
  if (profile.crds?.(flags) !== undefined) return [];
  for (const route of catalog.ofKind(HTTP_ROUTE))
    for (const [i, rule] of writtenRules(route, HTTP_ROUTE).entries())
      if (has(rule, 'retry'))
        return [
          {
            code: 'gateway-api-channel',
            message: 'the CRDs of the Gateway API have `retry` of HTTPRoutes (1.7, or the experimental channel of 1.6)',
            hint: '--gateway-api-version 1.6 --gateway-api-channel standard',
            origin: originOf(route, 'spec', 'rules', i, 'retry'),
          },
        ];
  return [];
}
