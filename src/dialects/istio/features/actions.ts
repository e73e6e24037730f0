// What a rule does with a request: the parts that all of its matches share, computed once, and the action of one match.
// TranslateRoute and applyHTTPRouteDestination in pilot/pkg/networking/core/route/route.go.

import type { IstioClusters } from '../../../implementations/istio/clusters.js';
import type {
  Action,
  CorsPolicy,
  Delivery,
  Destination,
  Fault,
  HeaderOps,
  Mirror,
  StringMatcher,
  WeightedDestination,
} from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import { objectOf } from '../../../resources/fields.js';
import type { DestinationConfig, HttpRule, VirtualServiceConfig } from '../config.js';
import { corsPolicy } from './cors.js';
import { deliveryOf } from './delivery.js';
import { directResponse } from './direct-response.js';
import { faultOf } from './fault.js';
import { headerChanges, joinOps } from './headers.js';
import { mirrorsOf } from './mirrors.js';
import { redirectAction } from './redirect.js';
import { readRewrite } from './rewrite.js';

export interface RouteContext {
  readonly clusters: IstioClusters;
  /** The server's port. */
  readonly port: number;
  /** The server has a `tls` block. */
  readonly isTls: boolean;
  /** `namespace/name` of the Gateway that the routes are for. */
  readonly gateway: string;
  /** The labels and namespace of the workload. */
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
}

/** Everything of a rule but its matches. */
export interface RuleEffect {
  action(match: StringMatcher | undefined): Action;
  readonly requestHeaders?: HeaderOps;
  readonly responseHeaders?: HeaderOps;
  readonly cors?: CorsPolicy;
  readonly fault?: Fault;
}

export function ruleEffect(rule: HttpRule, vs: VirtualServiceConfig, context: RouteContext): RuleEffect {
  const { fields } = rule;
  const headers = objectOf(fields.headers?.value);
  const own = headerChanges(headers && fields.headers ? { value: headers, origin: fields.headers.origin } : undefined);
  const cors = corsPolicy(fields.corsPolicy);
  const fault = faultOf(fields.fault);
  const shared = { ...(cors ? { cors } : {}), ...(fault ? { fault } : {}) };
  const direct = objectOf(fields.directResponse?.value);
  if (rule.redirect || direct) {
    const { redirect } = rule;
    return {
      ...shared,
      ...changes(own.request, own.response),
      action: (match) => (redirect ? redirectAction(redirect, match, context) : directResponse(direct ?? {})),
    };
  }
  const single = rule.route.length === 1 ? headerChanges(rule.route[0]?.headers) : {};
  return {
    ...shared,
    ...changes(joinOps(own.request, single.request), joinOps(own.response, single.response)),
    action: forwardAction(rule, vs, context, own.authority, single.authority),
  };
}

const changes = (request: HeaderOps | undefined, response: HeaderOps | undefined) => ({
  ...(request ? { requestHeaders: request } : {}),
  ...(response ? { responseHeaders: response } : {}),
});

function forwardAction(
  rule: HttpRule,
  vs: VirtualServiceConfig,
  { clusters, port }: RouteContext,
  ownAuthority: string | undefined,
  destinationAuthority: string | undefined,
): RuleEffect['action'] {
  const { namespace } = vs;
  const resolve = (destination: DestinationConfig): Destination =>
    clusters.destination({ ...destination, listenerPort: port, namespace });
  const used = usedDestinations(rule, resolve);
  if (used.length === 0) return () => ({ kind: 'none', reason: 'the rule has no destination with a weight' });
  const destinations = weightedDestinations(used, rule.route.length === 1);
  const mirrors: readonly Mirror[] = mirrorsOf(rule, resolve);
  const routed = used.map(({ config, to }) => ({ ...config.destination, to }));
  const delivery: Delivery = deliveryOf(rule, routed, clusters.rule, clusters.meshRetries);
  const rewrite = readRewrite(rule.fields.rewrite);
  // The rule's word on the host goes before the destination's: processDestination.
  const host = rewrite.authority || ownAuthority || destinationAuthority;
  if (!rule.fields.rewrite && !host) {
    const same: Action = { kind: 'forward', destinations, ...(mirrors.length > 0 ? { mirrors } : {}), delivery };
    return () => same;
  }
  return (match) => {
    const path = rewrite.path(match);
    const changed = path || host;
    return {
      kind: 'forward',
      destinations,
      ...(changed
        ? {
            rewrite: {
              ...(path ? { path } : {}),
              ...(host ? { host: plainTemplate(host) } : {}),
              ...(rewrite.origin ? { origin: rewrite.origin } : {}),
            },
          }
        : {}),
      ...(mirrors.length > 0 ? { mirrors } : {}),
      delivery,
    };
  };
}

interface Used {
  readonly config: HttpRule['route'][number];
  readonly to: Destination;
}

/** One destination takes everything, whatever its weight; of several those without weight get nothing. */
const usedDestinations = ({ route }: HttpRule, resolve: (to: DestinationConfig) => Destination): Used[] =>
  route
    .filter(({ weight }) => route.length === 1 || weight > 0)
    .map((config) => ({ config, to: resolve(config.destination) }));

/** `alone`: what the only destination does to headers is done by the rule. */
const weightedDestinations = (used: readonly Used[], alone: boolean): WeightedDestination[] =>
  used.map(({ config: { weight, headers, origin }, to }) => {
    if (alone) return { to, weight: weight || 100, origin };
    const { request, response, authority } = headerChanges(headers);
    return { to, weight, ...changes(request, response), ...(authority ? { hostRewrite: authority } : {}), origin };
  });
