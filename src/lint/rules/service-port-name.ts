// Does Istio know the protocol of a Service's port? pkg/config/analysis/analyzers/service/portname.go and
// ConvertProtocol in pkg/config/kube/conversion.go (Istio of 2026-08-22).

import { type JsonObject, originOf } from '../../model/index.js';
import { numberOf, objectsOf, specOf, stringOf } from '../../resources/fields.js';
import type { LintContext } from '../context.js';
import { service } from '../examples.js';
import { protocol } from '../fields/values.js';
import type { Rule } from '../rule.js';

/** Without a name these are TCP: sniffing would break them. */
const WELL_KNOWN_TCP = new Set([25, 53, 3306, 27017]);
const APP_PROTOCOLS = new Set(['kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss']);
/** Services that Istio makes itself. */
const MANAGED = new Set(['istio.io-gateway-controller', 'istio.io-mesh-controller', 'istio.io-eastwest-controller']);

function isKnown(number: number, name: string, appProtocol: string | undefined, transport: string): boolean {
  if (transport === 'UDP') return true;
  const declared = appProtocol ?? name;
  if (appProtocol !== undefined && APP_PROTOCOLS.has(appProtocol)) return true;
  if (/^grpc-web/i.test(declared)) return true;
  return protocol(declared.split('-')[0]) !== undefined || WELL_KNOWN_TCP.has(number);
}

/**
 * The files have gateways, none of them Istio's, and nothing else speaks of Istio. Services alone say nothing about who reads
 * them: `istioctl analyze` complains of those too.
 */
function isWithoutIstio({ catalog, gateways }: LintContext): boolean {
  if (gateways.every(({ direct }) => direct) || gateways.some(({ controlPlane }) => controlPlane === 'istio'))
    return false;
  return !catalog.all.some(
    ({ group, kind, labels }) =>
      group.endsWith('istio.io') ||
      (kind === 'Namespace' && Object.keys(labels).some((label) => /(?:^|\.)istio(?:\.io\/|-injection$)/.test(label))),
  );
}

function problemOf(port: JsonObject, external: boolean): string | undefined {
  const name = stringOf(port.name) ?? '';
  const number = numberOf(port.port) ?? 0;
  const known = isKnown(number, name, stringOf(port.appProtocol), stringOf(port.protocol) ?? 'TCP');
  if (known && !(external && name === 'tcp')) return undefined;
  const which = name ? `"${name}"` : number;
  return external
    ? `the port ${which} of an ExternalName Service captures every connection on port ${number}: name it after a protocol other than tcp`
    : `Istio cannot tell the protocol of port ${which} and inspects the first bytes of each connection: name it like http-${name || 'web'}, or set appProtocol`;
}

const check =
  (external: boolean): NonNullable<Rule['check']> =>
  (context, report) => {
    const { catalog } = context;
    if (isWithoutIstio(context)) return;
    for (const resource of catalog.ofKind('/Service')) {
      const spec = specOf(resource);
      if (
        (stringOf(spec.type) === 'ExternalName') !== external ||
        MANAGED.has(resource.labels['gateway.istio.io/managed'] ?? '')
      )
        continue;
      for (const [index, port] of objectsOf(spec.ports).entries()) {
        const message = problemOf(port, external);
        if (message) report({ message, at: originOf(resource, 'spec', 'ports', index) });
      }
    }
  };

export const rules: readonly Rule[] = [
  {
    code: 'MGW0715',
    name: 'service-port-protocol',
    severity: 'info',
    category: 'field',
    istio: 'IST0118',
    kiali: 'KIA0601',
    title: 'The name of a Service port has no protocol prefix',
    docs: () => ({
      happens:
        'Istio detects HTTP by the first bytes; until a client has sent some, nothing is forwarded (protocols in which the server sends first hang).',
      instead: 'A name `<protocol>[-suffix]`, or appProtocol.',
      bad: service('selector: {app: shop}\nports: [{name: web, port: 80}]'),
      good: service('selector: {app: shop}\nports: [{name: http-web, port: 80}]'),
    }),
    check: check(false),
  },
  {
    code: 'MGW0716',
    name: 'external-name-port',
    severity: 'info',
    category: 'field',
    istio: 'IST0150',
    title: 'The port of an ExternalName Service is plain TCP or has no protocol',
    docs: () => ({
      happens: 'Sidecars then send every TCP connection on that port number to it, whatever its address.',
      instead: 'A name that begins with http, https, grpc or tls.',
      bad: service('type: ExternalName\nexternalName: db.example.com\nports: [{name: tcp, port: 5432}]'),
      good: service('type: ExternalName\nexternalName: shop.example.com\nports: [{name: https, port: 443}]'),
    }),
    check: check(true),
  },
];
