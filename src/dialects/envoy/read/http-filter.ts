// A filter of a connection manager, and which part it plays in what the model has.

import { table, type Unsupported } from '../../../model/index.js';
import { isHarmless, unpredicted } from './known-filters.js';
import { type Node, originAt } from './node.js';
import { shortType, type Typed, typedOf } from './typed.js';
import { flag } from './values.js';

export type Role = 'cors' | 'fault' | 'rbac' | 'jwt' | 'limit' | 'buffer' | 'none' | 'unknown';

export interface HttpFilter extends Typed {
  readonly role: Role;
  readonly node: Node;
  /** Only routes with a configuration of their own have it. */
  readonly disabled: boolean;
}

const ROLES = table<Role>({
  Cors: 'cors',
  HTTPFault: 'fault',
  RBAC: 'rbac',
  JwtAuthentication: 'jwt',
  LocalRateLimit: 'limit',
  Buffer: 'buffer',
});
const ROLES_BY_NAME = table<Role>({
  'envoy.filters.http.cors': 'cors',
  'envoy.cors': 'cors',
  'envoy.filters.http.fault': 'fault',
  'envoy.fault': 'fault',
  'envoy.filters.http.rbac': 'rbac',
});

export function filterOf(node: Node): HttpFilter {
  const typed = typedOf(node);
  const word = shortType(typed.type);
  const known = typed.type.startsWith('envoy.') ? ROLES.get(word) : undefined;
  const named = typed.type === '' ? ROLES_BY_NAME.get(typed.name) : undefined;
  const role = known ?? named ?? (isHarmless(typed) ? 'none' : 'unknown');
  return { ...typed, role, node, disabled: flag(node, 'disabled') ?? false };
}

export const unknownFilter = (filter: HttpFilter, config: Node = filter.config): Omit<Unsupported, 'reach'> => {
  const { detail, effect, guards } = unpredicted(filter);
  return {
    feature: `filter.${filter.name || shortType(filter.type)}`,
    detail: `${detail}`,
    effect,
    ...(guards ? { guards } : {}),
    content: config.value,
    origin: originAt(config),
  };
};

const DECIDES: ReadonlySet<Role> = new Set(['jwt', 'rbac']);

export const isBeforePolicies = (filters: readonly HttpFilter[], index: number): boolean =>
  filters.slice(index).some(({ role }) => DECIDES.has(role));
