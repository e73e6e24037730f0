// Names of ways and approaches, the same in all outputs.

import { type Approach, WAY_TITLES, type WayIn } from '../model/index.js';

export const APPROACH: Readonly<Record<Approach | 'none', string>> = {
  none: 'no way in',
  'load-balancer': 'NodePort or LoadBalancer',
  ingress: 'Ingress',
  'istio-gateway': 'Istio Gateway',
  'api-gateway': 'API gateway',
};

export const wayName = ({ kind, class: name }: Pick<WayIn, 'kind' | 'class'>): string =>
  `${WAY_TITLES[kind]}${name ? ` (${name})` : ''}`;

/** `Ingress (nginx) http://shop.example.com:80 path prefix /cart`. */
export function wayTitle(way: WayIn): string {
  const port = way.port === null ? 'a port assigned by the cluster' : `${way.port}`;
  const names = way.hosts.length > 0 ? way.hosts : (way.sni ?? []);
  const hosts = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return [wayName(way), way.protocol, port, hosts, way.path ?? ''].filter((t) => t !== '').join(' ');
}
