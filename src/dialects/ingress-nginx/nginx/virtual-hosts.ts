// The servers of nginx as virtual hosts: server_name, aliases, and the servers that redirect between host and www.host
// (nginx.tmpl, buildServerName in template.go, BuildRedirects in pkg/util/ingress/ingress.go of kubernetes/ingress-nginx
// controller-v1.15.1). Of two servers with one name the first in the file has it.

import type { DomainPattern, Origin, VirtualHost } from '../../../model/index.js';
import { isValidFor } from '../controller/certificates.js';
import { CATCH_ALL, type Server } from '../controller/server.js';
import type { Configuration } from '../controller/servers.js';
import { type ServerContext, serverRoutes } from './server-routes.js';

export interface Names {
  /** Hosts for which the controller has a certificate: what certificate.lua looks up. */
  readonly withCertificate: ReadonlySet<string>;
  readonly redirects: readonly { readonly from: string; readonly server: Server }[];
}

export function namesOf({ servers }: Configuration): Names {
  const withCertificate = new Set<string>();
  const hosts = new Set(servers.map((server) => server.host));
  const redirects: { from: string; server: Server }[] = [];
  for (const server of servers) {
    const { certificate } = server;
    if (certificate) withCertificate.add(server.host);
    for (const alias of server.aliases)
      if (certificate && isValidFor(alias, certificate.names)) withCertificate.add(alias);
    if (!server.wwwRedirect) continue;
    const from = server.host.startsWith('www.') ? server.host.slice(4) : `www.${server.host}`;
    if (!hosts.has(from)) redirects.push({ from, server });
  }
  return { withCertificate, redirects };
}

/** get_pem_cert_uid in certificate.lua: the name that the request has, or a star in place of its first label. */
const hasCertificate = (name: string, { withCertificate }: Names): boolean =>
  name !== CATCH_ALL && (withCertificate.has(name) || withCertificate.has(name.replace(/^[^.]+\./, '*.')));

export function virtualHosts(
  configuration: Configuration,
  names: Names,
  scheme: 'http' | 'https',
  context: Pick<ServerContext, 'unsupported' | 'configMap' | 'config' | 'fallbackOrigin'>,
): readonly VirtualHost[] {
  const { fallbackOrigin } = context;
  const taken = new Set<string>();
  const free = (domain: DomainPattern): boolean => {
    const key = domain.kind === 'any' ? '*' : `${domain.kind}:${domain.value}`;
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
  const hosts: VirtualHost[] = [];
  for (const { from, server } of names.redirects) {
    const domain: DomainPattern = { kind: 'exact', value: from };
    if (free(domain)) hosts.push(wwwRedirect(from, domain, server, context.config.redirectStatus));
  }
  for (const server of configuration.servers) {
    const all = [server.host, ...server.aliases].flatMap((name) => {
      const domains = domainsOf(name, name !== server.host);
      if (domains.length > 0) return domains.filter(free).map((domain) => ({ name, domain }));
      context.unsupported({
        feature: 'annotation.server-alias',
        detail: `the server name ${name} is a pattern or not a valid name`,
        effect: 'routing',
        origin: server.ingress?.settings.annotations.origin('server-alias') ?? fallbackOrigin,
      });
      return [];
    });
    // Whether the redirect to https comes depends on the name that the request has.
    for (const certificate of scheme === 'https' ? [true] : [true, false]) {
      const mine = scheme === 'https' ? all : all.filter(({ name }) => hasCertificate(name, names) === certificate);
      if (mine.length === 0) continue;
      hosts.push({
        name: server.host,
        domains: mine.map(({ domain }) => domain),
        routes: serverRoutes(server, {
          ...context,
          domains: mine.map(({ domain }) => domain),
          upstreams: configuration.upstreams,
          scheme,
          certificate,
        }),
        ...(server.ingress?.view.resource ? { origin: hostOrigin(server, fallbackOrigin) } : {}),
      });
    }
  }
  return hosts;
}

const hostOrigin = (server: Server, fallback: Origin): Origin =>
  server.ingress?.view.rules.find((rule) => rule.host === server.host)?.hostOrigin ?? fallback;

/** The path goes on without one slash at its end, and the port is named (lua/nginx/ngx_srv_redirect.lua). */
function wwwRedirect(from: string, domain: DomainPattern, server: Server, status: number): VirtualHost {
  const origin = server.wwwRedirect!.settings.annotations.origin('from-to-www-redirect');
  return {
    name: from,
    domains: [domain],
    routes: [
      {
        match: { headers: [], query: [] },
        action: {
          kind: 'redirect',
          status,
          host: server.host,
          port: 'from-request-port',
          path: { kind: 'strip-trailing-slash' },
        },
        origin,
      },
    ],
    origin,
  };
}

/** A star of a host is one label (a pattern in nginx); in an alias it is nginx's own wildcard, and `.name` is both. */
export function domainsOf(name: string, alias: boolean): readonly DomainPattern[] {
  if (name === CATCH_ALL) return [{ kind: 'any' }];
  const lower = name.toLowerCase();
  const rest = lower.replace(/^\*?\./, '');
  if (!/^[a-z0-9_-][a-z0-9._-]*$/.test(rest)) return [];
  if (lower.startsWith('*.')) return [{ kind: alias ? 'suffix' : 'one-label', value: `.${rest}` }];
  if (lower.startsWith('.')) {
    return [
      { kind: 'exact', value: rest },
      { kind: 'suffix', value: `.${rest}` },
    ];
  }
  return [{ kind: 'exact', value: lower }];
}
