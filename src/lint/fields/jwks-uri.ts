// Is this a URL that Istio fetches keys from? ParseJwksURI of pkg/config/security/security.go (Istio source of 2026-08-22)
// and the CRD's `url(self)` read it with Go's net/url (Parse, ParseRequestURI; Go 1.26 src/net/url/url.go), which takes
// other texts than a browser does: no host at all, a blank in the path, any port number.

import { isIPv6 } from 'node:net';

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s;
/** Every `%` begins an escape. */
const escaped = (text: string): boolean => !/%(?![0-9a-fA-F]{2})/.test(text);
/** Beyond ASCII everything is taken; of escapes only those of what is no ASCII, and `%25`. */
const HOST = /^(?:[a-zA-Z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]|%25|%[89a-fA-F][0-9a-fA-F])*$/u;
const USER = /^[a-zA-Z0-9\-._:~!$&'()*+,;=%@]*$/;
/** Longer ones are no integers of 64 bits. */
const PORT = /^(?::\d{0,18})?$/;

function hostProblem(host: string): string | undefined {
  if (!host.startsWith('[')) {
    if (host.includes('[')) return `"${host}" is not a host`;
    const colon = host.indexOf(':');
    if (colon >= 0 && !PORT.test(host.slice(colon))) return `"${host.slice(colon + 1)}" is not a port`;
    return HOST.test(host) ? undefined : `"${host}" is not a host`;
  }
  const end = host.lastIndexOf(']');
  if (end < 0) return `the address in "${host}" has no "]"`;
  if (!PORT.test(host.slice(end + 1))) return `"${host.slice(end + 1)}" is not a port`;
  return isIPv6(host.slice(1, end).replace('%25', '%')) ? undefined : `"${host}" is not an IPv6 address`;
}

/** Undefined: it can be asked for keys. An empty text is said by the CRD's schema. */
export function jwksUri(uri: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this test is about
  if (/[\u0000-\u001f\u007f]/.test(uri)) return 'the URL has a control character';
  const [, scheme, afterScheme] = SCHEME.exec(uri) ?? [];
  if (scheme === undefined || afterScheme === undefined || !/^https?$/i.test(scheme))
    return `"${uri}" does not begin with https:// (or http://)`;
  const rest = afterScheme.split('?')[0]!;
  // Go takes "https:keys" and leaves it be.
  if (!rest.startsWith('/')) return undefined;
  const slash = rest.startsWith('//') ? rest.indexOf('/', 2) : 0;
  const authority = rest.startsWith('//') ? rest.slice(2, slash < 0 ? undefined : slash) : '';
  const path = slash < 0 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!USER.test(user) || !escaped(user)) return `"${user}" is not a user name and password for a URL`;
  return (
    hostProblem(authority.slice(at + 1)) ??
    (escaped(path) ? undefined : `"${path}" has a "%" that begins no escape; write "%25"`)
  );
}
