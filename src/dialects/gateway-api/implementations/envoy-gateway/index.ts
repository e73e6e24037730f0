// Envoy Gateway v1.9 (internal/gatewayapi and internal/xds/translator of v1.9.1): its own kinds beside the standard's, its order of rules,
// its way to answer what cannot be used. Asked of egctl and Envoy 1.40: `npm run real -- envoy-gateway`.

import { type EffectiveGateway, hostText, originOf, plainTemplate, type Unsupported } from '../../../../model/index.js';
import { removePrefixAndSlashes, replacePrefix } from '../../features/rewrite.js';
import type { Implementation } from '../implementation.js';
import { egBackend } from './backend.js';
import { withClientTraffic } from './client-traffic.js';
import { filterCors } from './cors.js';
import { ruleDelivery } from './delivery.js';
import { extensionFilter } from './filters.js';
import { egPrecedence } from './precedence.js';
import { egUnsupported } from './unsupported.js';
import { egVirtualHosts } from './virtual-hosts.js';
import { egWriter } from './write/index.js';

export const envoyGateway: Implementation = {
  name: 'envoy-gateway',
  engine: 'envoy-gateway',
  // The class of its own instructions for a first installation.
  className: 'eg',
  own: egWriter,
  invalidRule: 'rule',
  invalidMirror: 'rule',
  hostHeader: 'invalid',
  hostOfBackend: true,
  precedence: egPrecedence,
  delivery: ruleDelivery,
  cors: filterCors,
  extensionFilter,
  backend: egBackend,
  virtualHosts: egVirtualHosts,
  // buildXdsRedirectAction in internal/xds/translator/route.go.
  hiddenPorts: [80, 443],
  // A substitution for `^/.*$`, in which `\` begins a reference to a capture group.
  rewriteFullPath: (to) =>
    to.includes('\\')
      ? { kind: 'regex', pattern: '^/.*$', substitution: to, all: true }
      : { kind: 'full', to: plainTemplate(to) },
  rewritePrefix: (matched, to) =>
    isNothing(to) ? removePrefixAndSlashes(matched.prefix ?? '') : replacePrefix(matched, to.replace(/\/$/, '')),
  redirectPrefix: (matched, to) =>
    isNothing(to) ? removePrefixAndSlashes(matched.prefix ?? '') : replacePrefix(matched, to),
  finished(gateway, parts, catalog, routes) {
    const { gateway: read, apart } = withClientTraffic(gateway, parts.programmed, catalog);
    const otherwise = apart.map(
      ({ listener, policy }): Unsupported => ({
        feature: 'clienttrafficpolicy.sectionName',
        detail: 'This listener takes paths and headers in otherwise than another listener of the Gateway.',
        effect: 'routing',
        reach: { ports: [listener.port] },
        origin: policy ? originOf(policy, 'spec') : listener.origin,
      }),
    );
    const own = routes.filter((r) => r.accepted.some((l) => l.gateway === parts.resource)).map((r) => r.route);
    return {
      ...read,
      unsupported: [...read.unsupported, ...otherwise, ...twiceNamed(read), ...egUnsupported(parts, own, catalog)],
    };
  },
};

/** Envoy refuses the routes of a port where two of its listeners have routes for one host name: what is answered then depends on what there was before. */
const twiceNamed = ({ listeners }: EffectiveGateway): readonly Unsupported[] =>
  listeners.flatMap(({ port, filterChains }) =>
    filterChains.flatMap((chain): readonly Unsupported[] => {
      if (chain.kind !== 'http') return [];
      const names = new Set<string>();
      const twice = chain.virtualHosts.find(({ domains }) => {
        const name = JSON.stringify(domains);
        return names.has(name) || !names.add(name);
      });
      const origin = twice?.routes[0]?.origin ?? chain.origin;
      return twice && origin
        ? [
            {
              feature: 'gateway.listeners.host-twice',
              detail: `Two listeners of port ${port} have routes for ${twice.domains.map(hostText).join(', ')}: Envoy refuses all routes of the port.`,
              effect: 'routing',
              reach: { ports: [port] },
              origin,
            },
          ]
        : [];
    }),
  );

/** useRegexRewriteForPrefixMatchReplace in internal/xds/translator/route.go. */
const isNothing = (to: string): boolean => to === '' || to === '/';
