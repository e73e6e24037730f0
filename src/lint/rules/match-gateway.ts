// Does a match ever apply? One that names only gateways to which its VirtualService is not attached never does
// (`match.gateways`, networking/v1alpha3 VirtualService).

import { referredGateway } from '../../implementations/istio/gateway-references.js';
import { originOf, type Resource } from '../../model/index.js';
import { objectsOf, specOf, stringsOf } from '../../resources/fields.js';
import { documents, gateway, virtualService } from '../examples.js';
import type { Rule } from '../rule.js';
import { virtualServices } from '../virtual-service-parts.js';

const GATEWAY = gateway(
  'selector: {istio: ingressgateway}\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]',
);
const route = (gateways: string, match = '') =>
  virtualService(
    `hosts: [shop.example.com]\ngateways: [${gateways}]\nhttp:\n- ${match}route:\n  - destination: {host: shop}`,
  );

export const rules: readonly Rule[] = [
  {
    code: 'MGW1506',
    name: 'match-gateway',
    severity: 'error',
    category: 'reference',
    title: 'A match names a gateway to which the VirtualService is not attached',
    docs: () => ({
      happens: 'Requests of that gateway never reach the VirtualService, so the match never applies.',
      instead: 'A gateway of `spec.gateways`, or no `gateways` in the match.',
      bad: documents(GATEWAY, route('shop', 'match: [{gateways: [shopp]}]\n  ')),
      good: documents(GATEWAY, route('shop', 'match: [{gateways: [shop]}]\n  ')),
    }),
    check: ({ catalog }, report) => {
      for (const resource of virtualServices(catalog))
        for (const { gateways, at } of matchGateways(resource)) {
          const attached = attachedTo(resource);
          const lost = gateways.filter((name) => !attached.has(nameOf(name, resource)));
          if (lost.length < gateways.length || lost.length === 0) continue;
          report({
            message: `the VirtualService is not attached to ${lost.join(', ')}: this match never applies (spec.gateways: ${[...attached].join(', ')})`,
            at: originOf(resource, ...at),
          });
        }
    },
  },
];

const nameOf = (text: string, resource: Resource): string => {
  if (text === 'mesh') return text;
  const { namespace, name } = referredGateway(text, resource.namespace);
  return `${namespace}/${name}`;
};

/** Without `gateways` a VirtualService is for the mesh. */
function attachedTo(resource: Resource): Set<string> {
  const named = stringsOf(specOf(resource).gateways);
  return new Set(named.length === 0 ? ['mesh'] : named.map((text) => nameOf(text, resource)));
}

function matchGateways(resource: Resource) {
  const spec = specOf(resource);
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
    objectsOf(spec[protocol]).flatMap((rule, i) =>
      objectsOf(rule.match).flatMap((match, j) => {
        const gateways = stringsOf(match.gateways);
        return gateways.length > 0
          ? [{ gateways, at: ['spec', protocol, i, 'match', j, 'gateways'] as (string | number)[] }]
          : [];
      }),
    ),
  );
}
