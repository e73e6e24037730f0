// A router before it meets its entry points, from an Ingress or an IngressRoute.

import type { Origin } from '../../model/index.js';
import type { Target } from './services/target.js';

export type Provider = 'kubernetes' | 'kubernetescrd' | 'internal';

export interface Router {
  /** Unique; the same key again replaces. */
  readonly key: string;
  readonly provider: Provider;
  readonly rule: string;
  readonly syntax: string;
  /** 0: the length of the rule. */
  readonly priority: number;
  readonly entryPoints: readonly string[];
  /** Qualified: `default-auth@kubernetescrd`. */
  readonly middlewares: readonly string[];
  readonly tls?: { readonly options?: string };
  /** Built when it is needed; throws Disabled. Absent: it has children. */
  readonly target?: () => Target;
  /** Keys of the routers that it is tried in; absent: it stands by itself. */
  readonly parents?: readonly string[];
  /** The rule, and the field that holds its match. */
  readonly origin: Origin;
  readonly matchOrigin: Origin;
}
