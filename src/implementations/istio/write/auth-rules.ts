// External authentication (nginx's auth_request) as an AuthorizationPolicy with action CUSTOM: Istio asks a provider that the mesh
// configuration names. Where that provider is missing Istio denies every request of the rule (pilot/pkg/security/authz/builder,
// Istio source of 2026-08-22), so nothing gets in unasked.

import { createHash } from 'node:crypto';
import type { Report } from '../../../dialects/item-list.js';
import { type Condition, type Route, table, type VirtualHost } from '../../../model/index.js';
import { hostScope, type OperationRule, operationOf } from './operations.js';

export interface AuthPolicy {
  /** Name of the extension provider, and of the policy. */
  readonly provider: string;
  readonly rules: readonly OperationRule[];
  readonly condition: Condition;
  /** Of the provider's answer, for the destination: those of all Ingresses that share it. Absent: of the condition. */
  readonly headers?: readonly string[];
}

/** The question of a route, where a provider can ask it. */
export const externalOf = (route: Route): Condition | undefined => route.conditions?.find((c) => c.ask !== undefined);

/** Names the provider after whom it asks, and what: Istio takes one provider for a gateway, so that Ingresses with one `auth-url` share it. */
export function providerOf({ ask }: Condition): string {
  const { service, port, path, query, checkHeaders = [] } = ask!;
  const words = [
    service.replace(/\.svc\.cluster\.local$/, ''),
    ...(port === 80 ? [] : [port]),
    ...(path === '/' ? [] : [path]),
    ...(query === undefined && checkHeaders.length === 0 ? [] : [hashOf(JSON.stringify([query ?? '', checkHeaders]))]),
  ];
  const name = words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  // A label of DNS, as Istio wants it (validateProviderName).
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 9)}-${hashOf(name)}`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

const LONGEST = 63;

/** Policies for the routes of one virtual host. `others`: the virtual hosts beside it. Rules reach further where paths cannot be expressed: more is asked, never less. */
export function authPolicies(host: VirtualHost, others: readonly VirtualHost[]): AuthPolicy[] {
  const found = new Map<string, AuthPolicy>();
  for (const [i, route] of host.routes.entries()) {
    const condition = externalOf(route);
    if (!condition) continue;
    const provider = providerOf(condition);
    const earlier = host.routes.slice(0, i).filter((e) => externalOf(e)?.origin !== condition.origin);
    const rule = operationOf(route, earlier, hostScope(host, others));
    const known = found.get(provider)?.rules ?? [];
    if (known.some((r) => JSON.stringify(r) === JSON.stringify(rule))) continue;
    found.set(provider, { provider, rules: [...known, rule], condition });
  }
  return [...found.values()];
}

/** Policies of the same provider are one. */
export function joined(policies: readonly AuthPolicy[]): AuthPolicy[] {
  const all = new Map<string, AuthPolicy>();
  for (const p of policies) {
    const known = all.get(p.provider);
    const rules = [...(known?.rules ?? []), ...p.rules];
    const distinct = [...new Map(rules.map((r) => [JSON.stringify(r), r])).values()];
    const headers = [...new Set([...(all.get(p.provider)?.headers ?? []), ...p.condition.ask!.headers])];
    all.set(p.provider, { ...p, rules: distinct, headers });
  }
  return [...all.values()].sort((a, b) => (a.provider < b.provider ? -1 : 1));
}

/** The items of such a condition, and of the annotations that say more of it. */
export function noteAuth(condition: Condition, report: Report): void {
  const key = 'condition.external-auth.provider';
  report.add(
    key,
    `${condition.summary}: an AuthorizationPolicy with action CUSTOM uses the extension provider ${providerOf(condition)}, which the mesh configuration has to define (see the comment above the policy); until then every request is denied. If paths are patterns, the check covers the whole host`,
    condition.origin,
  );
  for (const { origin } of condition.details ?? []) {
    const name = String(origin.path.at(-1)).replace(/^.*\//, '');
    report.add(key, DETAIL.get(name) ?? 'is a setting of the provider, not of the policy', origin);
  }
}

const DETAIL = table<string>({
  'auth-signin': 'the provider has to answer with the redirect to this page itself: its answer goes to the client',
  'auth-response-headers': 'headersToUpstreamOnAllow of the provider',
  'auth-method': 'the provider gets the method of the request',
  'auth-cache-key': 'the provider checks every request',
  'auth-cache-duration': 'the provider checks every request',
  'auth-snippet': 'constant headers are includeAdditionalHeadersInCheck of the provider',
});

/** A comment above the policy: the provider as meshConfig wants it. */
export function providerText(
  { provider, condition, headers = condition.ask!.headers }: AuthPolicy,
  several: boolean,
): string {
  const { service, port, path, query, checkHeaders = [] } = condition.ask!;
  return [
    ...(several
      ? [
          'Istio accepts one provider for a gateway and denies the requests of all others: set',
          'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS=true in the environment of istiod.',
        ]
      : []),
    'Needs this in meshConfig; without it every request of these rules is denied:',
    '  extensionProviders:',
    `  - name: ${provider}`,
    '    envoyExtAuthzHttp:',
    `      service: ${service}`,
    `      port: ${port}`,
    ...(path === '/'
      ? []
      : [`      pathPrefix: ${path} # the path of the request follows it; the source requests this path alone`]),
    ...(query === undefined ? [] : [`      # nginx asks with the query ${query}, which a provider cannot add`]),
    '      includeRequestHeadersInCheck: [authorization, cookie]',
    ...(checkHeaders.length > 0
      ? [
          '      includeAdditionalHeadersInCheck:',
          ...checkHeaders.map(([name, value]) => `        ${name}: ${JSON.stringify(value)}`),
        ]
      : []),
    ...(headers.length > 0 ? [`      headersToUpstreamOnAllow: [${headers.join(', ')}]`] : []),
    '      headersToDownstreamOnDeny: [location, set-cookie, www-authenticate]',
  ].join('\n');
}
