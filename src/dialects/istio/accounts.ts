// What becomes of each part of the model in Istio's objects (write.ts).

import { isSaid } from '../../implementations/istio/write/written-policies.js';
import { type EffectiveGateway, hostText } from '../../model/index.js';
import { type Accounts, COMMON, CORS_PARTS, each, type Fate, HEADER_PARTS } from '../accounts.js';
import { bodyLimitOf } from '../body-limits.js';
import { isHost, isLabel } from './write/units.js';

/** DestinationRules are found by host, whatever gateway sends the request. */
const STAYS = { without: 'the DestinationRule is kept, and also applies to the new objects' } as const;
/** Where Istio does not run the gateway yet, a DestinationRule is written (`destinationRules`). */
const asRule =
  (fate: Fate = 'written') =>
  (_: unknown, __: unknown, { gateway }: { readonly gateway: Pick<EffectiveGateway, 'controlPlane'> }): Fate =>
    gateway.controlPlane === 'istio' ? STAYS : fate;
/** EnvoyFilters are bound to a workload: that of an Istio gateway stays. */
const withWorkload =
  (lost: Fate) =>
  (_: unknown, __: unknown, { gateway }: { gateway: { dialect: string } }): Fate =>
    gateway.dialect === 'istio' ? { without: 'the EnvoyFilter stays on the old workload' } : lost;

export const accounts: Accounts = {
  ...COMMON,
  'Gateway.id': 'written',
  'Listener.port': 'written',
  'Listener.bind': 'written',
  'HttpChain.bodyLimit': withWorkload({ lost: 'policies.body-limit' }),
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
  'TlsContext.mode': 'written',
  'TlsContext.clients': 'written',
  'TlsContext.credentials': (value, { credentials }) =>
    value === credentials[0] ? 'written' : { lost: 'tls.more-certificates' },
  'TlsContext.certificates': 'written',
  'TlsContext.minVersion': 'written',
  'TlsContext.maxVersion': 'written',
  'TlsContext.cipherSuites': 'written',
  'HttpPolicies.authentication': (rule, _, { gateway }) => (isSaid(rule, gateway) ? 'written' : { lost: 'policies' }),
  'HttpPolicies.authorization': (policy, _, { gateway }) =>
    isSaid(policy, gateway) ? 'written' : { lost: 'policies' },
  'HttpPolicies.rateLimits': withWorkload({ lost: 'policies.rate-limit' }),
  'L4Policies.authorization': (policy, _, { gateway }) => (isSaid(policy, gateway) ? 'written' : { lost: 'policies' }),
  'VirtualHost.domains': (domain, _, { chain }) => {
    const name = hostText(domain);
    const isTested = isLabel(name) && (!chain?.tls || chain.tls.ownCertificate === true);
    return isHost(name) || isTested ? 'written' : { lost: 'host' };
  },
  'Route.name': 'written',
  'Destination.portName': { lost: 'destination.port-name' },
  'Destination.only': 'written',
  'Route.conditions': (condition, _, { options }) => ({
    lost:
      condition.rate && options.allowEnvoyFilter
        ? 'condition.rate-limit.bucket'
        : condition.ask
          ? 'condition.external-auth.provider'
          : condition.clients && condition.clients.subject === undefined
            ? 'condition.client-certificate.handshake'
            : `condition.${condition.kind}`,
  }),
  'Route.maxRequestBytes': (_, route, { options }) => ({
    lost: !options.allowEnvoyFilter
      ? 'max-request-bytes'
      : bodyLimitOf(route) === undefined
        ? 'max-request-bytes.streams'
        : 'max-request-bytes.buffered',
  }),
  'RouteMatch.path': 'written',
  'RouteMatch.headers': 'written',
  'RouteMatch.query': 'written',
  'RouteMatch.source': 'written',
  'RouteMatch.claims': 'written',
  ...each(HEADER_PARTS, 'written'),
  ...each(CORS_PARTS, 'written'),
  'CorsPolicy.unmatchedPreflights': 'written',
  'Fault.delay': 'written',
  'Fault.abort': 'written',
  'Rewrite.path': 'written',
  'Rewrite.host': 'written',
  'Rewrite.method': { lost: 'rewrite.method' },
  'Rewrite.query': { lost: 'rewrite.query' },
  'Mirror.percent': 'written',
  'Mirror.hostSuffix': { without: 'the host of a mirrored request is not configurable' },
  'Mirror.host': { lost: 'mirror.request' },
  'Delivery.timeoutMs': 'written',
  // The time between two reads of nginx is written as the timeout of the rule, which is reported.
  'Delivery.idleTimeoutMs': (idle, delivery, at) =>
    delivery.settings
      ? { lost: 'delivery.read-timeout' }
      : asRule({ lost: 'delivery.idleTimeoutMs' })(idle, delivery, at),
  'Delivery.connectTimeoutMs': asRule(),
  'Delivery.retries': 'written',
  'Delivery.hash': asRule(),
  'Delivery.balance': asRule(),
  'Delivery.tls': asRule(),
  'Delivery.limits': asRule(),
  'Delivery.ejection': asRule(),
  'Delivery.other': (other, delivery, at) =>
    delivery.settings
      ? { without: 'each setting is accounted for' }
      : asRule({ lost: 'delivery.other' })(other, delivery, at),
  'Delivery.settings': 'written',
  'WeightedDestination.to': 'written',
  'WeightedDestination.weight': 'written',
  'WeightedDestination.hostRewrite': 'written',
  'Destination.host': 'written',
  'Destination.port': 'written',
  'Destination.subset': 'written',
  'Destination.protocol': (_, __, { gateway }) =>
    gateway.dialect === 'ingress-nginx' ? 'written' : { without: 'it is part of the Service or the DestinationRule' },
  'Destination.tls': (_, __, { gateway }) => (gateway.dialect === 'istio' ? STAYS : 'written'),
  'Redirect.status': 'written',
  'Redirect.scheme': 'written',
  'Redirect.host': 'written',
  'Redirect.port': 'written',
  'Redirect.path': 'written',
  'Redirect.stripQuery': { lost: 'redirect.strip-query' },
  'Redirect.location': 'written',
  'Redirect.relative': (_, { path, stripQuery }) =>
    path?.kind === 'full' && stripQuery ? 'written' : { lost: 'redirect.relative' },
  'DirectResponse.status': 'written',
  'DirectResponse.body': 'written',
};
