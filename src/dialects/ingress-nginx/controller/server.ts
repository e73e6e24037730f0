// One server block as the controller puts it together.

import type { ServerCertificate } from './certificates.js';
import type { NginxIngress } from './ingresses.js';
import type { Location } from './locations.js';

/** Host name of the server that takes what no other takes. */
export const CATCH_ALL = '_';

export interface Server {
  readonly host: string;
  locations: Location[];
  aliases: readonly string[];
  /** Absent: no Ingress of the host has a `tls` section. */
  certificate?: ServerCertificate;
  /** The Ingress whose `from-to-www-redirect` counts. */
  wwwRedirect?: NginxIngress;
  /** The Ingress whose client certificates count, and whether its settings are wrong. */
  clientCertificates?: NginxIngress;
  clientCertificateError?: NginxIngress;
  /** The Ingress that asks for ssl-passthrough. */
  sslPassthrough?: NginxIngress;
  /** The Ingress whose server-snippet counts. */
  snippet?: NginxIngress;
  /** The Ingress that made the server. */
  readonly ingress?: NginxIngress;
}

/** The host of a server that has no other name, so that $host is a constant there. */
export const onlyName = ({ host, aliases }: Pick<Server, 'host' | 'aliases'>): string | undefined =>
  aliases.length === 0 && /^[a-z0-9]/i.test(host) ? host : undefined;

/** What nginx completes a Location with that is a path: the host of the request in lower case, without its port. */
export function ownHost(server: Pick<Server, 'host' | 'aliases'>): { readonly host?: string } {
  const host = onlyName(server)?.toLowerCase();
  return host === undefined ? {} : { host };
}
