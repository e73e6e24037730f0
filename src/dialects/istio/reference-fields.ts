// Which fields of Istio's objects name other objects.

import { type Json, own } from '../../model/index.js';
import {
  anywhere,
  field,
  isAt,
  listOf,
  type Reading,
  type References,
  SECRET,
  SERVICE,
  slashed,
  textOf,
} from '../reference-field.js';

const GATEWAY = 'networking.istio.io/Gateway';
const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';
const DESTINATION_RULE = 'networking.istio.io/DestinationRule';
const HOSTS = [SERVICE, 'networking.istio.io/ServiceEntry'];

/** A host: of a Service as `name`, `name.namespace` or longer, or of a ServiceEntry. */
const host: Reading = (text, from) => {
  const [name = '', namespace = from.namespace, service = 'svc'] = text.split('.');
  return (resource) =>
    resource.kind === 'ServiceEntry'
      ? listOf(own(resource.object, 'spec'), 'hosts').some((pattern) => covers(pattern, text))
      : service === 'svc' && isAt(resource, namespace, name);
};
/** A subset of the DestinationRule for the host beside it. */
const subset: Reading = (text, from, around) => {
  const wanted = fullHost(textOf(around, 'host') ?? '', from.namespace);
  return (resource) => {
    const spec = own(resource.object, 'spec');
    return (
      fullHost(textOf(spec, 'host') ?? '', resource.namespace) === wanted &&
      listOf(spec, 'subsets').some((one) => textOf(one, 'name') === text)
    );
  };
};

const fullHost = (name: string, namespace: string): string => {
  const parts = name.split('.');
  return parts.length <= 2 ? `${parts[0]}.${parts[1] ?? namespace}.svc.cluster.local` : name;
};
const covers = (pattern: Json, name: string): boolean =>
  typeof pattern === 'string' && (pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1))));

export const references: References = [
  [
    VIRTUAL_SERVICE,
    [
      field('spec.gateways.*', [GATEWAY], slashed),
      ...['http', 'tls', 'tcp'].flatMap((protocol) => [
        field(`spec.${protocol}.*.match.*.gateways.*`, [GATEWAY], slashed),
        field(`spec.${protocol}.*.route.*.destination.host`, HOSTS, host),
        field(`spec.${protocol}.*.route.*.destination.subset`, [DESTINATION_RULE], subset),
      ]),
      field('spec.http.*.delegate.name', [VIRTUAL_SERVICE]),
      field('spec.http.*.mirror.host', HOSTS, host),
      field('spec.http.*.mirror.subset', [DESTINATION_RULE], subset),
      field('spec.http.*.mirrors.*.destination.host', HOSTS, host),
      field('spec.http.*.mirrors.*.destination.subset', [DESTINATION_RULE], subset),
    ],
  ],
  [
    DESTINATION_RULE,
    [
      field('spec.host', HOSTS, host),
      field('spec.trafficPolicy.tls.credentialName', [SECRET], anywhere),
      field('spec.subsets.*.trafficPolicy.tls.credentialName', [SECRET], anywhere),
    ],
  ],
  [
    GATEWAY,
    [
      field('spec.servers.*.tls.credentialName', [SECRET], anywhere),
      field('spec.servers.*.tls.credentialNames.*', [SECRET], anywhere),
    ],
  ],
];
