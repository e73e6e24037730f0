// What an authority says about the connection that carried it: a client names the port that it dialled, unless that is its
// scheme's own (RFC 9110 section 4.2.3).

/** The port of `shop.example.com:8080` or `[::1]:8080`; undefined where none is named, or none that there can be. */
export function portOfAuthority(authority: string): number | undefined {
  const m = /^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(authority);
  const port = Number(m?.[1] ?? 0);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** By custom. */
export const isTlsPort = (port: number | undefined): boolean => port === 443 || port === 8443;
