// What becomes of each part of the model in objects of the Gateway API (write.ts).

import { isNginxDefault } from '../../implementations/istio/write/retry-conditions.js';
import { isSaid } from '../../implementations/istio/write/written-policies.js';
import { type AuthorizationPolicy, type Delivery, hostText, type JwtRule } from '../../model/index.js';
import { type Accounts, type At, COMMON, CORS_PARTS, each, type Fate, HEADER_PARTS } from '../accounts.js';
import type { FeatureKey, WriteOptions } from '../dialect.js';
import { hasBackendPolicy } from './write/backend-tls.js';
import { isDefaultRetries } from './write/default-retries.js';
import { isInFrontends, isIstio } from './write/frontend.js';
import { isHostPattern } from './write/names.js';

/** Of Istio and Envoy Gateway; what other controllers run for a Gateway is theirs to say. */
const workload = ({ implementation = 'istio' }: WriteOptions): string =>
  implementation === 'standard'
    ? 'a Gateway gets the address that its controller gives it, another one than the old gateway has'
    : `a Gateway of class ${implementation === 'istio' ? 'istio' : 'eg'} gets its own Deployment and Service of type LoadBalancer, with another address than the old gateway`;

const policyOf = (policy: JwtRule | AuthorizationPolicy, { options, gateway }: At): Fate =>
  isIstio(options) && isSaid(policy, gateway) ? 'written' : { lost: 'policies' };

const isEnvoyGateway = ({ implementation }: WriteOptions): boolean => implementation === 'envoy-gateway';

/** Settings of a BackendTrafficPolicy. */
const byPolicy = (settings: Delivery['settings'], at: At, lost: FeatureKey): Fate =>
  isEnvoyGateway(at.options) ? 'written' : byRule(settings, at, lost);

/** Settings of gateways that Istio does not run yet are written as DestinationRules, which only Istio reads. */
const byRule = (settings: Delivery['settings'], { gateway, options }: At, lost: FeatureKey): Fate =>
  isIstio(options) && (settings || gateway.controlPlane !== 'istio') ? 'written' : { lost };

export const accounts: Accounts = {
  ...COMMON,
  'Gateway.id': (_, __, { gateway, options }) =>
    gateway.dialect === 'gateway-api' ? 'written' : { lost: 'gateway.workload', message: workload(options) },
  'Listener.port': 'written',
  'Listener.bind': { lost: 'listener.bind' },
  'HttpChain.bodyLimit': { lost: 'policies.body-limit' },
  'L4Chain.l4': 'written',
  'ChainMatch.sniTests': { lost: 'listener.name-patterns' },
  'Listener.asSent': { lost: 'engine.paths-as-sent' },
  'Redirect.body': { without: 'the text beside a Location is for people' },
  'ChainMatch.transport': 'written',
  'ChainMatch.sni': 'written',
  'ChainMatch.source': (_, __, { chain }) => ({ lost: chain?.kind === 'l4' ? 'l4.addresses' : 'listener.addresses' }),
  'ChainMatch.destination': (_, __, { chain }) => ({
    lost: chain?.kind === 'l4' ? 'l4.addresses' : 'listener.addresses',
  }),
  // Istio has an option of listeners for it.
  'TlsContext.mode': (mode, tls, { gateway, options }) =>
    mode === 'simple' ||
    isIstio(options) ||
    (isEnvoyGateway(options) && mode !== 'istio-mutual') ||
    isInFrontends(gateway, tls, options)
      ? 'written'
      : { lost: 'tls.client-certificate' },
  'TlsContext.clients': (_, tls, { gateway, options }) =>
    isEnvoyGateway(options) || isInFrontends(gateway, tls, options)
      ? 'written'
      : { lost: 'tls.client-certificate.authority' },
  'TlsContext.credentials': 'written',
  'TlsContext.certificates': 'written',
  'TlsContext.minVersion': (_, __, { options }) => (isEnvoyGateway(options) ? 'written' : { lost: 'tls.versions' }),
  'TlsContext.maxVersion': (_, __, { options }) => (isEnvoyGateway(options) ? 'written' : { lost: 'tls.versions' }),
  'TlsContext.cipherSuites': (_, __, { options }) =>
    isIstio(options) || isEnvoyGateway(options) ? 'written' : { lost: 'tls.cipher-suites' },
  'HttpPolicies.authentication': (rule, _, at) => policyOf(rule, at),
  'HttpPolicies.authorization': (policy, _, at) => policyOf(policy, at),
  'HttpPolicies.rateLimits': (_, __, { gateway }) =>
    gateway.dialect === 'gateway-api'
      ? { without: 'the EnvoyFilter stays on the old workload' }
      : { lost: 'policies.rate-limit' },
  'L4Policies.authorization': (policy, _, at) => policyOf(policy, at),
  'VirtualHost.domains': (domain) => {
    const name = hostText(domain);
    return isHostPattern(name) ? 'written' : { lost: 'host.name' };
  },
  'Destination.portName': { lost: 'destination.port-name' },
  'Destination.only': { lost: 'destination.port-name.only' },
  'Route.conditions': (condition, _, { options }) => ({
    lost:
      condition.rate && (options.allowEnvoyFilter || isEnvoyGateway(options))
        ? 'condition.rate-limit.bucket'
        : condition.ask && isEnvoyGateway(options)
          ? 'condition.external-auth.asked'
          : condition.ask && isIstio(options)
            ? 'condition.external-auth.provider'
            : condition.clients && condition.clients.subject === undefined
              ? 'condition.client-certificate.handshake'
              : `condition.${condition.kind}`,
  }),
  'Route.maxRequestBytes': { lost: 'max-request-bytes' },
  'RouteMatch.path': 'written',
  'RouteMatch.headers': 'written',
  'RouteMatch.query': 'written',
  'RouteMatch.source': (_, __, { options }) =>
    isIstio(options) || isEnvoyGateway(options) ? 'written' : { lost: 'source-address.dropped' },
  'RouteMatch.claims': { lost: 'match.claims' },
  ...each(HEADER_PARTS, 'written'),
  ...each(CORS_PARTS, 'written'),
  'CorsPolicy.unmatchedPreflights': (value) => (value === 'ignore' ? 'written' : { lost: 'cors.unmatchedPreflights' }),
  'Fault.delay': { lost: 'fault' },
  'Fault.abort': { lost: 'fault' },
  'Rewrite.path': 'written',
  'Rewrite.host': 'written',
  'Rewrite.method': { lost: 'rewrite.method' },
  'Rewrite.query': { lost: 'rewrite.query' },
  'Mirror.percent': 'written',
  'Mirror.hostSuffix': (suffix) => (suffix === '' ? 'written' : { lost: 'mirror.host' }),
  'Mirror.host': { lost: 'mirror.request' },
  'Delivery.timeoutMs': 'written',
  'Delivery.idleTimeoutMs': (_, { settings }) => ({
    lost: settings ? 'delivery.read-timeout' : 'delivery.idleTimeoutMs',
  }),
  'Delivery.connectTimeoutMs': (_, { settings }, at) => byPolicy(settings, at, 'delivery.connectTimeoutMs'),
  'Delivery.retries': (retries, { settings }, { options }) =>
    isDefaultRetries(retries) && isIstio(options)
      ? { without: 'Istio tries again so by itself' }
      : isEnvoyGateway(options) ||
          options.allowExperimental ||
          isDefaultRetries(retries) ||
          (settings && isNginxDefault(retries))
        ? 'written'
        : { lost: 'delivery.retries', message: 'retries are an experimental field (--allow-experimental)' },
  'Delivery.hash': (_, { settings }, at) => byPolicy(settings, at, 'delivery.hash'),
  'Delivery.balance': (_, { settings }, at) => byPolicy(settings, at, 'delivery.balance'),
  'Delivery.tls': (_, { settings }, at) => byRule(settings, at, 'delivery.tls'),
  'Delivery.limits': (_, { settings }, at) => byPolicy(settings, at, 'delivery.limits'),
  'Delivery.ejection': (_, { settings }, at) => byRule(settings, at, 'delivery.ejection'),
  'Delivery.other': (_, { settings }) =>
    settings ? { without: 'each setting is accounted for' } : { lost: 'delivery.other' },
  'Delivery.settings': 'written',
  'WeightedDestination.to': 'written',
  'WeightedDestination.weight': 'written',
  'WeightedDestination.hostRewrite': 'written',
  'Destination.host': 'written',
  'Destination.port': 'written',
  'Destination.subset': { lost: 'destination.subset' },
  'Destination.protocol': (_, __, { gateway }) =>
    gateway.dialect === 'ingress-nginx' ? 'written' : { without: 'it is part of the Service or the DestinationRule' },
  'Destination.tls': (_, destination, { options }) =>
    hasBackendPolicy(destination) || isIstio(options) ? 'written' : { lost: 'delivery.tls' },
  'Redirect.status': 'written',
  'Redirect.scheme': 'written',
  'Redirect.host': 'written',
  'Redirect.port': 'written',
  'Redirect.path': 'written',
  'Redirect.stripQuery': { lost: 'redirect.strip-query' },
  'Redirect.location': 'written',
  'Redirect.relative': { lost: 'redirect.relative' },
  // A refusal by address is the policy's; an answer below 400 that is written all the same is a preflight's (write/preflights.ts).
  'DirectResponse.status': (status, _, { route, options }) =>
    (isEnvoyGateway(options) && status >= 200) || status === 500 || status === 404 || route?.match.source
      ? 'written'
      : { lost: status < 400 ? 'cors.preflight' : 'direct-response.status' },
  'DirectResponse.body': (_, __, { options }) =>
    isEnvoyGateway(options) ? 'written' : { lost: 'direct-response.body' },
};
