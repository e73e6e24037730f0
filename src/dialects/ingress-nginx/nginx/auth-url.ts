// Who is asked by auth-url. `https://$host/oauth2/auth`, the documented form (docs/examples/auth/oauth-external-auth of
// kubernetes/ingress-nginx), leads back to the controller: to the Service of that path of the same host.

import type { Condition, Destination } from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import { enforcesRegex } from '../controller/locations.js';
import { onlyName, type Server } from '../controller/server.js';
import type { Upstreams } from '../controller/upstreams.js';

export interface AuthPlace {
  readonly server: Pick<Server, 'host' | 'aliases' | 'locations'>;
  readonly upstreams: Upstreams;
}

const URL_PARTS = /^(https?):\/\/([\w.-]+)(?::(\d{1,5}))?(\/[^?#$]*)?(?:\?([^#]*))?$/i;

/** Nothing where a variable decides who it is. */
export function askOf(settings: Settings, url: string, place: AuthPlace): Pick<Condition, 'ask'> {
  const { server } = place;
  const only = onlyName(server);
  const constant = only === undefined ? url : url.replace(/^(https?:\/\/)\$\{?host\}?(?=[:/?]|$)/i, `$1${only}`);
  const [, scheme = '', host = '', port, path = '/', query] = URL_PARTS.exec(constant) ?? [];
  if (host === '') return {};
  const tls = scheme.toLowerCase() === 'https';
  const own = host === server.host ? serviceOf(path, place) : undefined;
  const external = own === undefined && host.includes('.') && !/\.svc(\.[\w.-]+)?$/.test(host);
  const checkHeaders = (settings.snippets['auth-snippet']?.proxyHeaders ?? []).filter(
    ({ value }) => !value.includes('$'),
  );
  return {
    ask: {
      // Istio finds a Service by its full name alone.
      service: own?.host ?? host.replace(/^([a-z0-9-]+\.[a-z0-9-]+\.svc)$/, '$1.cluster.local'),
      port: own?.port ?? (port ? Number(port) : tls ? 443 : 80),
      path,
      ...(query ? { query } : {}),
      ...(external ? { external: { tls } } : {}),
      headers: (settings.annotations.text('auth-response-headers').value ?? '')
        .split(',')
        .map((name) => name.trim().toLowerCase())
        .filter((name) => name !== ''),
      ...(checkHeaders.length > 0
        ? { checkHeaders: checkHeaders.map(({ name, value }) => [name, value] as const) }
        : {}),
    },
  };
}

/** Of the location that has the path, where it is no pattern and its port has a number. */
function serviceOf(path: string, { server, upstreams }: AuthPlace): Destination | undefined {
  if (enforcesRegex(server.locations)) return undefined;
  const found = server.locations
    .filter((l) => (l.pathType === 'Exact' ? l.path === path : path.startsWith(l.path)))
    .sort(
      (a, b) => Number(b.pathType === 'Exact') - Number(a.pathType === 'Exact') || b.path.length - a.path.length,
    )[0];
  const to = found && upstreams.get(found.upstream)?.destination;
  return to && to.portName === undefined ? to : undefined;
}
