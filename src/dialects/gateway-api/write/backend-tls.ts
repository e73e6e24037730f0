// TLS to destinations as BackendTLSPolicies: one for each port of a Service.

import { type Destination, type DestinationTls, type EffectiveGateway, routesOf } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { findService, serviceOfHost } from '../../../resources/services.js';
import { compareText } from '../fields.js';
import { GROUP } from '../kinds.js';
import type { KubeObject } from './gateway-object.js';

/** Of the destinations that have settings of their own for TLS, sorted by host and port. Of a host that is no Service there is none. */
export function backendTlsPolicies(gateways: readonly EffectiveGateway[], catalog: Catalog): readonly KubeObject[] {
  const policies = new Map<string, KubeObject | undefined>();
  for (const to of gateways.flatMap(reached))
    if (to.tls) policies.set(`${to.host}:${to.port}`, policyOf(to, to.tls, catalog));
  return [...policies].sort(([a], [b]) => compareText(a, b)).flatMap(([, policy]) => (policy ? [policy] : []));
}

/** A BackendTLSPolicy is for a Service. */
export const hasBackendPolicy = ({ host }: Pick<Destination, 'host'>): boolean => serviceOfHost(host) !== undefined;

const reached = (gateway: EffectiveGateway): Destination[] =>
  routesOf(gateway).flatMap(({ action }) =>
    action.kind === 'forward'
      ? [...action.destinations.map((d) => d.to), ...(action.mirrors ?? []).map((m) => m.destination)].filter(
          (to) => 'host' in to,
        )
      : [],
  );

/** The certificate that a gateway shows to its destinations; a Gateway has one for all. */
export const shownCertificate = (gateway: EffectiveGateway): DestinationTls['own'] =>
  reached(gateway).find((to) => to.tls?.own)?.tls?.own;

function policyOf({ host, port }: Destination, tls: DestinationTls, catalog: Catalog): KubeObject | undefined {
  const service = serviceOfHost(host);
  if (service === undefined) return undefined;
  const { namespace, name } = service;
  const { name: hostname, alternatives, authority } = tls;
  const ports = findService(catalog, namespace, name)?.ports ?? [];
  const section = ports.length > 1 ? ports.find((p) => p.port === port)?.name : undefined;
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'BackendTLSPolicy',
    metadata: { name: section ? `${name}-${section}` : name, namespace },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name, ...(section ? { sectionName: section } : {}) }],
      validation: {
        ...(authority
          ? { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: authority.name }] }
          : { wellKnownCACertificates: 'System' }),
        hostname,
        ...(alternatives
          ? {
              subjectAltNames: alternatives.map((text) =>
                text.includes('://') ? { type: 'URI', uri: text } : { type: 'Hostname', hostname: text },
              ),
            }
          : {}),
      },
    },
  };
}
