// The Host header as Traefik's matchers see it: pkg/middlewares/requestdecorator.

/** What HostRegexp sees. */
export function hostRegexpName(authority: string): string {
  const bracket = /^\[([^\]]*)\](?::\d*)?$/.exec(authority);
  if (bracket) return bracket[1]!.toLowerCase();
  const colon = authority.indexOf(':');
  const name = colon >= 0 && colon === authority.lastIndexOf(':') ? authority.slice(0, colon) : authority;
  return name.toLowerCase();
}

/** What Host takes: a dot at the end does not count. */
export function hostName(authority: string): string {
  const host = hostRegexpName(authority);
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
