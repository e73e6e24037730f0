// Who is accepted: addresses, policies, passwords, limits.

import type { Condition, GatewayRequest, HttpPolicies, Origin, Resource } from '../../model/index.js';
import { formatPath } from '../../model/index.js';
import { objectsOf, specOf, stringOf } from '../../resources/fields.js';
import { compileCidrs } from '../../simulate/cidr.js';
import type { View } from '../answers.js';
import { withoutSent } from '../answers.js';
import { changed, keepResponseHeaders } from '../route-changes.js';
import type { Effect, Feature, Loss } from './feature.js';
import { hostOf } from './requests.js';

const same = (a: Origin | undefined, b: Origin): boolean =>
  a !== undefined && a.resource === b.resource && formatPath(a.path) === formatPath(b.path);

/** Without the influence. */
const withoutCondition: Effect = {
  route: (loss) =>
    changed((route) => {
      const { conditions, ...rest } = route;
      const kept = conditions?.filter((c) => !same(c.origin, loss.origin));
      return kept?.length ? { ...rest, conditions: kept } : rest;
    }),
};

/** The target has one of its own in its place, with words of its own (implementations/envoy-gateway/checks.ts). */
const withoutConditions =
  (words: RegExp): View =>
  ({ conditions = [], ...result }) => {
    const kept = conditions.filter((text) => !words.test(text));
    return kept.length > 0 ? { ...result, conditions: kept } : result;
  };

/** The host of a rule of an Ingress, or below a wildcard of one. */
const servesHost = (ingress: Resource, host: string): boolean =>
  objectsOf(specOf(ingress).rules).some((rule) => {
    const name = stringOf(rule.host)?.toLowerCase();
    return name !== undefined && (name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))));
  });

/** An Ingress with a rule for every host: what no other host has is its host, of which it may answer only some paths. */
const servesAnyHost = (ingress: Resource): boolean => objectsOf(specOf(ingress).rules).some(({ host }) => !host);

function withoutPolicy(policies: HttpPolicies, { origin }: Loss): HttpPolicies {
  const kept = <T extends { readonly origin: Origin }>(list: readonly T[]) =>
    list.filter((policy) => !same(policy.origin, origin));
  return {
    ...policies,
    authentication: kept(policies.authentication),
    authorization: kept(policies.authorization),
    ...(policies.rateLimits ? { rateLimits: kept(policies.rateLimits) } : {}),
  };
}

const refusedCondition = (title: string, documentation: string) =>
  ({ severity: 'refused', group: 'refused', title, documentation, effect: withoutCondition }) as const;

/** Who is let in: closed where it cannot be written. */
const protection = (title: string, documentation: string, protects: string, decision: string) =>
  ({ ...refusedCondition(title, documentation), protects, decision }) as const;

/** Checks of ingress-nginx that the files do not hold. */
const CONDITIONS = {
  'condition.external-auth': protection(
    'External authentication',
    '`auth-url` is not asked',
    'ALL requests are accepted without authentication',
    'an extension provider for an AuthorizationPolicy with action CUSTOM, or authentication by the application',
  ),
  'condition.basic-auth': protection(
    'Basic authentication',
    'user names and passwords of `auth-type` are not checked',
    'requests without an Authorization header get 401, but ANY user name and password is accepted',
    'external authentication, JSON Web Tokens, or authentication by the application',
  ),
  'condition.client-certificate': protection(
    'Client certificates',
    'certificates of `auth-tls-*` are not asked for',
    'ALL clients are accepted, no certificate is requested',
    'TLS with client certificates at the gateway (mode MUTUAL), or other authentication',
  ),
  // Nobody is let in who was not: what is lost is a bound on how much one client may ask, which the flag writes.
  'condition.rate-limit': {
    severity: 'approximate',
    group: 'differs',
    title: 'Rate limit',
    documentation: '**requests of one client are not counted**',
    decision: '`--allow-envoyfilter` writes it, per client address',
    effect: withoutCondition,
  },
  'condition.connection-limit': {
    severity: 'approximate',
    group: 'differs',
    title: 'Connection limit',
    documentation: '**connections of one client are not counted**',
    decision: 'limit requests (`limit-rps`) instead, or limit connections in front of the gateway',
    effect: withoutCondition,
  },
  'condition.body-size': refusedCondition('Body size', 'request bodies are not limited'),
  'condition.backend-error': refusedCondition('Custom error pages', 'error pages of the destination go to the client'),
  'condition.affinity': refusedCondition('Canary affinity', 'a client may change between the versions'),
} as const satisfies Record<`condition.${Condition['kind']}`, Feature>;

export const CHECKS = {
  ...CONDITIONS,
  'condition.external-auth.provider': {
    severity: 'approximate',
    group: 'todo',
    title: 'External authentication provider',
    documentation:
      'an AuthorizationPolicy with action CUSTOM needs a provider that the mesh configuration has to define; until then everything is denied',
    decision: 'define the extension provider (see the comment above the policy)',
    // What the policy reaches is denied where the mesh configuration does not have the provider, or has to be told to take several.
    effect: {
      ...withoutCondition,
      explains: ({ here, before, after, request }, { origin: { resource } }) =>
        after.status === 403 &&
        (here || servesHost(resource, hostOf(request)) || (!before.destination && servesAnyHost(resource))),
    },
  },
  'condition.external-auth.asked': {
    severity: 'approximate',
    group: 'differs',
    title: 'External authentication by a policy',
    documentation:
      'a SecurityPolicy of Envoy Gateway asks the service of `auth-url`; what it answers where it refuses goes to the client, so that it has to redirect to `auth-signin` itself',
    decision: 'let the service that is asked redirect to the page of `auth-signin` itself, where there is one',
    effect: { ...withoutCondition, view: withoutConditions(/ must let the request pass, else its answer$/) },
  },
  'condition.client-certificate.handshake': {
    severity: 'approximate',
    group: 'todo',
    title: 'Client certificates in the handshake',
    documentation:
      'the gateway asks for the certificate in the TLS handshake and closes the connection of a client without a good one, where nginx answers 400; the certificate of the CA has to be in a Secret beside that of the host',
    decision: 'write the Secret with the CA beside the gateway',
    effect: {
      ...withoutCondition,
      explains: ({ here, after }) => here && 'connection' in after && after.connection === 'closed',
    },
  },
  'condition.client-certificate.told': {
    severity: 'approximate',
    group: 'carriage',
    title: 'A header about the client certificate',
    documentation: "Istio's gateways tell destinations of a client's certificate by `X-Forwarded-Client-Cert`",
    effect: { everywhere: true, view: (r) => withoutSent(r, /^x-forwarded-client-cert$/) },
  },
  'condition.rate-limit.bucket': {
    severity: 'approximate',
    group: 'differs',
    title: 'Rate limit per replica',
    documentation: 'an EnvoyFilter counts requests per client address and replica of the gateway',
    effect: { ...withoutCondition, view: withoutConditions(/ may send [0-9]+ requests per [a-z]+, else 429$/) },
  },
  policies: {
    severity: 'refused',
    group: 'refused',
    title: 'Policies',
    documentation: 'token checks and authorization',
    protects: 'requests that it refuses are accepted',
    decision: 'policies of the controller that takes over, or checks by the application',
    effect: { policies: withoutPolicy },
  },
  'policies.rate-limit': {
    severity: 'refused',
    group: 'refused',
    title: 'Rate limit of the gateway',
    documentation: 'a local rate limit of the workload',
    effect: { policies: withoutPolicy },
  },
  'policies.body-limit': {
    severity: 'approximate',
    group: 'differs',
    title: 'Body limit of the gateway',
    documentation: 'a limit of the whole gateway (an EnvoyFilter) where no rule matches the request',
    effect: { explains: ({ before, after }) => before.status === 413 && after.status === 404 },
  },
  // The policy knows less of the request than the rule did, so that it refuses more.
  'source-address': {
    severity: 'approximate',
    group: 'differs',
    title: 'Wider IP allow or deny list',
    documentation: 'the list applies to more requests than in the source (never to fewer)',
    parts: ['RouteMatch.source'],
    effect: {
      explains: ({ here, after, request }, loss) => here && after.status === 403 && isTurnedAway(request, loss),
    },
  },
  // What is spelled otherwise gets past no check, and to no destination.
  'source-address.spelling': {
    severity: 'approximate',
    group: 'differs',
    title: 'IP list and case of paths',
    documentation:
      'nginx takes a pattern in any case; the list is written for the path as it is, in capitals and in small letters, and requests that spell it otherwise are refused',
    effect: {
      explains: ({ here, after, request: { path } }, { exactFor = [] }) =>
        here && (after.status === 403 || after.status === 500) && !exactFor.some((known) => path.startsWith(known)),
    },
  },
  'source-address.dropped': {
    severity: 'refused',
    group: 'refused',
    title: 'IP allow or deny list',
    documentation: 'not supported by the target',
    protects: 'the excluded addresses are accepted',
    decision: 'an address list in front of the gateway, or a policy of its controller',
    leavesOut: true,
    effect: { route: () => (route) => (route.match.source?.length ? [] : [route]) },
  },
  'source-address.headers': {
    severity: 'approximate',
    group: 'differs',
    title: 'Headers of a 403',
    documentation: 'a policy answers 403 without the headers of the rule',
    effect: {
      route: () => keepResponseHeaders((name) => name === 'strict-transport-security'),
      explains: ({ here, before, intended, after }) =>
        here && (before.status === 403 || intended.status === 403) && after.status === 403,
    },
  },
  // Beside a catch-all host with a check: what its policy cannot tell from the hosts of a wildcard.
  'source-address.beside-wildcard': {
    severity: 'approximate',
    group: 'differs',
    title: 'IP list of the catch-all host beside a wildcard host',
    documentation: 'hosts that the wildcard does not take (more labels, a port in the Host header) are turned away',
    effect: {
      explains: ({ request, after }, loss) => {
        const labels = labelsBelow(loss, request);
        // 401 where a password would do as well: who is on the list is asked for it.
        const isTurned = after.status === 401 || after.status === 403 || after.status === 500;
        return isTurned && (labels > 1 || (labels > 0 && /:\d+$/.test(request.host)));
      },
    },
  },
  'source-address.other-server': {
    severity: 'approximate',
    group: 'differs',
    title: 'IP list of a broader host on another TLS server',
    documentation:
      'a policy is for a port: the list of a broader host also applies to hosts whose TLS has other settings',
    effect: {
      explains: ({ request, after }, { hosts = [] }) =>
        after.status === 403 && request.scheme === 'https' && hosts.some((name) => isHostOf(name, hostOf(request))),
    },
  },
  // Deeper hosts are turned away where a host of one label would be.
  'source-address.depth': {
    severity: 'approximate',
    group: 'differs',
    title: 'IP list of a wildcard host',
    documentation: 'the list also applies to deeper hosts',
    effect: {
      explains: ({ request, after, refusesFor }, loss) =>
        after.status === 403 && labelsBelow(loss, request) > 1 && refusesFor(`${NOBODY}${suffixOf(loss)}`),
    },
  },
  'source-address.port': {
    severity: 'approximate',
    group: 'differs',
    title: 'IP list and port of the Host header',
    documentation: 'a Host header with a port gets 404 on a wildcard host with a list',
    effect: {
      explains: ({ request, after }, loss) =>
        after.status === 404 && /:\d+$/.test(request.host) && labelsBelow(loss, request) > 0,
    },
  },
} as const satisfies Record<string, Feature>;

/** A label that no other host of the files has. */
const NOBODY = 'meshgw-no-host';

/** Of the wildcard that the item is about: `.example.com` of `*.example.com`. */
const suffixOf = ({ hosts: [host = ''] = [] }: Loss): string => host.slice(1);

const isHostOf = (name: string, host: string): boolean =>
  name.startsWith('*') ? host.endsWith(name.slice(1)) : host === name;

/** How many labels the host of the request has where the wildcard has its star; 0: it is no host of the wildcard. */
function labelsBelow(loss: Loss, request: GatewayRequest): number {
  const [host, suffix] = [hostOf(request), suffixOf(loss)];
  return host.endsWith(suffix)
    ? host
        .slice(0, host.length - suffix.length)
        .split('.')
        .filter(Boolean).length
    : 0;
}

/** The addresses of the check that the item is about. */
const isTurnedAway = ({ source = '127.0.0.1' }: GatewayRequest, { routes }: Loss): boolean =>
  routes?.some(({ match }) =>
    match.source?.every(({ cidrs, invert }) => compileCidrs(cidrs)(source) !== (invert === true)),
  ) ?? false;
