// Short texts of the page.

import type { Approach, WayIn, WayKind } from '../model/index.js';

const WAY: Readonly<Record<WayKind, string>> = {
  'node-port': 'NodePort',
  'load-balancer': 'LoadBalancer',
  'external-ip': 'external IP',
  ingress: 'Ingress',
  'istio-gateway': 'Istio Gateway',
  'gateway-api': 'Gateway API',
};

export const APPROACH: Readonly<Record<Approach | 'none', string>> = {
  none: 'no way in',
  'load-balancer': 'NodePort or LoadBalancer',
  ingress: 'Ingress',
  'istio-gateway': 'Istio Gateway',
  'api-gateway': 'API gateway',
};

export const wayName = ({ kind, class: name }: Pick<WayIn, 'kind' | 'class'>): string =>
  `${WAY[kind]}${name ? ` (${name})` : ''}`;

export const portText = ({ protocol, port }: Pick<WayIn, 'protocol' | 'port'>): string => `${protocol} ${port ?? '?'}`;

/** A request as a URL, port only where it is not the scheme's own. */
export function urlOf({
  scheme,
  host,
  port,
  path,
}: {
  scheme: string;
  host: string;
  port: number;
  path: string;
}): string {
  const own = scheme === 'https' ? 443 : 80;
  return `${scheme}://${/:\d+$/.test(host) || port === own ? host : `${host}:${port}`}${path}`;
}

/** Cut to a number of characters, with the whole text in a tooltip. */
export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
