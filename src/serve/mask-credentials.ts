// Credentials in what is recorded: which headers and query parameters hold them, and what stands in their place.

import type { EffectiveGateway } from '../model/index.js';

/** Names, beside those that are credentials by themselves, that the configuration takes tokens from. Lower case. */
export interface CredentialNames {
  readonly headers: ReadonlySet<string>;
  readonly params: ReadonlySet<string>;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

const NAMES = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'x-auth']);
/** A part of a name that tells the same: `x-auth-token`, `access_token`. */
const PART =
  /(?:^|[-_])(?:api-?key|authorization|credential|jwt|password|passwd|secret|session|signature|sid|token)s?(?:$|[-_])/;
const MASK = '***';

export function credentialNames({ listeners }: EffectiveGateway): CredentialNames {
  const headers = new Set<string>();
  const params = new Set<string>();
  for (const chain of listeners.flatMap((listener) => listener.filterChains))
    for (const rule of (chain.kind === 'http' && chain.policies?.authentication) || []) {
      for (const { name } of rule.fromHeaders) headers.add(name.toLowerCase());
      for (const name of rule.fromParams) params.add(name.toLowerCase());
    }
  return { headers, params };
}

export function maskHeaders(headers: Headers, names: CredentialNames): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]): [string, string | string[]] => {
      const mask = isCredential(name, names.headers) ? maskFor(name.toLowerCase()) : (text: string) => text;
      return [name, typeof value === 'string' ? mask(value) : value.map(mask)];
    }),
  );
}

/** A path, or a URL, with its query. */
export function maskQuery(path: string, names: CredentialNames): string {
  const at = path.indexOf('?');
  if (at === -1) return path;
  const parts = path
    .slice(at + 1)
    .split('&')
    .map((part) => {
      const end = part.indexOf('=');
      return end !== -1 && isCredential(decoded(part.slice(0, end)), names.params)
        ? `${part.slice(0, end)}=${MASK}`
        : part;
    });
  return `${path.slice(0, at)}?${parts.join('&')}`;
}

function isCredential(name: string, also: ReadonlySet<string>): boolean {
  const key = name.toLowerCase();
  return NAMES.has(key) || also.has(key) || PART.test(key);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The scheme of an authorization and the names of cookies are kept: they tell what was sent, and open nothing. */
function maskFor(name: string): (value: string) => string {
  if (name === 'cookie' || name === 'set-cookie')
    return (value) =>
      value
        .split(';')
        .map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=${MASK}` : MASK))
        .join(';');
  if (name.endsWith('authorization'))
    return (value) => (/^[A-Za-z][\w-]* /.test(value) ? `${value.slice(0, value.indexOf(' '))} ${MASK}` : MASK);
  return () => MASK;
}
