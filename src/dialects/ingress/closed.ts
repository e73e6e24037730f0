// An Ingress answers nothing by itself: a rule that is closed goes to a Service that does not exist, which controllers answer with 503.

import type { Action, Route } from '../../model/index.js';
import { NAME_OF_CLOSED } from '../../resources/closed-rules.js';

export function closed({ action, origin }: Route): Action {
  const hosts =
    action.kind === 'forward' ? action.destinations.flatMap(({ to }) => ('host' in to ? [to.host] : [])) : [];
  const namespace = /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(hosts[0] ?? '')?.[1] ?? origin.resource.namespace;
  const to = { host: `${NAME_OF_CLOSED}.${namespace}.svc.cluster.local`, port: 80, missing: 'service' } as const;
  return { kind: 'forward', destinations: [{ to, weight: 1 }] };
}
