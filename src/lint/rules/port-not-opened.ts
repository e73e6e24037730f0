// Servers that take bytes (PASSTHROUGH, TLS, TCP) and for which no route is: Istio then opens no port for them
// (buildGatewayListeners in pilot/pkg/networking/core/gateway.go, Istio of 2026-08-22). Why, of each VirtualService that names the Gateway.

import { gatewayReferences } from '../../implementations/istio/gateway-references.js';
import { formatResource, type JsonObject, originOf, type Resource } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { numberOf, objectOf, objectsOf, specOf } from '../../resources/fields.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';
import { virtualServices } from '../virtual-service-parts.js';

const NOTE = 'listener-omitted';
/** Codes of notes that have a rule here. */
export const OWN_RULES: readonly string[] = [NOTE];

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 443, name: tls, protocol: TLS}\n  hosts: [shop.example.com]\n  tls: {mode: PASSTHROUGH}',
);
const bound = (routes: string) => virtualService(`hosts: [shop.example.com]\ngateways: [shop]\n${routes}`);

const boundTo = (catalog: Catalog, found: Resource): Resource[] =>
  virtualServices(catalog).filter((resource) =>
    gatewayReferences(resource).some((r) => r.namespace === found.namespace && r.name === found.name),
  );

/** Why no route of the VirtualService is for the server. */
function whyNot(resource: Resource, server: JsonObject): string {
  const spec = specOf(resource);
  const port = numberOf(objectOf(server.port)?.number);
  const who = formatResource(resource);
  const l4 = [...objectsOf(spec.tls), ...objectsOf(spec.tcp)];
  if (l4.length === 0) return `${who} has http routes only, which a server that does not terminate TLS never uses`;
  const ports = l4.flatMap((rule) => objectsOf(rule.match)).map((match) => numberOf(match.port));
  return ports.length > 0 && ports.every((p) => p !== undefined && p !== port)
    ? `the matches of ${who} are for port ${[...new Set(ports)].join(', ')}`
    : `no rule of ${who} matches its server names, hosts and gateway`;
}

export const rules: readonly Rule[] = [
  {
    code: 'MGW0171',
    name: 'port-not-opened',
    severity: 'error',
    category: 'reachability',
    title: 'A Gateway port is not opened because no route is attached to its server',
    docs: () => ({
      happens: 'Connections to the port are refused.',
      instead:
        '`tls` routes with sniHosts for a PASSTHROUGH server, `tcp` routes for a TCP server, both without `port` or with the port of the server; mode SIMPLE where http routes are meant.',
      bad: documents(GATEWAY, bound('http: [{route: [{destination: {host: shop}}]}]')),
      good: documents(
        GATEWAY,
        bound('tls: [{match: [{sniHosts: [shop.example.com]}], route: [{destination: {host: shop}}]}]'),
      ),
    }),
    check: ({ catalog, notes }, report) => {
      for (const { code, message, origin } of notes) {
        if (code !== NOTE) continue;
        const { resource, path } = origin;
        const server = objectsOf(specOf(resource).servers)[Number(path[2])] ?? {};
        const candidates = boundTo(catalog, resource);
        report({
          message: candidates[0] ? `${message.replace(/\.$/, '')}: ${whyNot(candidates[0], server)}` : message,
          at: origin,
          // The routes may be in files that were not given.
          ...(candidates.length === 0 ? { severity: 'info' } : {}),
          ...(candidates.length > 0
            ? { related: candidates.map((r) => ({ message: 'bound to this Gateway', place: originOf(r, 'spec') })) }
            : {}),
        });
      }
    },
  },
];
