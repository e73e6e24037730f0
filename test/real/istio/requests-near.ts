// Requests that come close to the rules of a configuration: its hosts, ports, paths, headers and methods, bent a little.
import type { GatewayRequest } from '../../../src/model/index.js';
import type { Random } from '../../envoy/generate.js';
import { chance, type Doc, type Node, pick } from './mutate.js';

interface Words {
  readonly hosts: string[];
  readonly paths: string[];
  readonly headers: [string, string][];
  readonly methods: string[];
  readonly origins: string[];
  /** Port → what is spoken there. */
  readonly ports: [number, string][];
}

/** What the documents talk about. */
export function wordsOf(docs: readonly Doc[]): Words {
  const words: Words = { hosts: [], paths: [], headers: [], methods: [], origins: [], ports: [] };
  const strings = (n: Node): string[] => (typeof n === 'string' ? [n] : Array.isArray(n) ? n.flatMap(strings) : []);
  const walk = (node: Node, keys: readonly string[]): void => {
    const key = keys.at(-1) ?? '';
    if (typeof node === 'string') {
      if (/^(hosts?|hostnames?|sniHosts|authority|notHosts)$/.test(key) && !keys.includes('destination'))
        words.hosts.push(host(node));
      else if (keys.includes('authority')) words.hosts.push(host(node));
      else if (keys.includes('method') || keys.includes('methods') || keys.includes('notMethods'))
        words.methods.push(node);
      else if (keys.includes('allowOrigins')) words.origins.push(plain(node));
      else if (
        /^(uri|path|paths|notPaths|fullPath|redirect|rewrite)$/.test(
          keys.find((k) => /uri|path|redirect|rewrite/i.test(k)) ?? '',
        ) &&
        node.startsWith('/')
      )
        words.paths.push(plain(node));
    }
    if (Array.isArray(node)) for (const n of node) walk(n, keys);
    else if (typeof node === 'object' && node !== null) {
      if (/^(headers|withoutHeaders)$/.test(key))
        for (const [name, match] of Object.entries(node))
          for (const v of typeof match === 'object' && match !== null && !Array.isArray(match)
            ? Object.values(match)
            : [])
            words.headers.push([name, plain(String(v))]);
      if (typeof node.name === 'string' && typeof node.value === 'string')
        words.headers.push([node.name, plain(node.value)]);
      if (typeof node.key === 'string' && /^request\.headers\[(.*)\]$/.test(node.key))
        words.headers.push([node.key.slice(16, -1), plain(strings(node.values ?? node.notValues ?? [])[0] ?? 'x')]);
      if (typeof node.number === 'number' && typeof node.protocol === 'string')
        words.ports.push([node.number, node.protocol]);
      if (
        typeof node.port === 'number' &&
        typeof node.protocol === 'string' &&
        'name' in node &&
        keys.includes('listeners')
      )
        words.ports.push([node.port, node.protocol]);
      for (const [k, v] of Object.entries(node)) walk(v, [...keys, k]);
    }
  };
  for (const doc of docs) if (doc.kind !== 'Service') walk(doc.spec ?? null, []);
  if (docs.some((d) => d.kind === 'Ingress')) words.ports.push([80, 'HTTP'], [443, 'HTTPS']);
  return words;
}

/** Something that a pattern may match. */
const plain = (pattern: string): string =>
  pattern
    .replace(/\(\?[a-z]+\)|[\^$]/g, '')
    .replace(/\.\*|\.\+/g, 'x')
    .replace(/\[[^\]]*\][+*]?/g, '7')
    .replace(/\\d[+*]?/g, '4')
    .replace(/\\(.)/g, '$1')
    .replace(/\(([^|()]*)[^()]*\)[?*+]?/g, '$1');

const host = (pattern: string): string =>
  plain(pattern.replace(/^[^/]*\//, ''))
    .replace(/^\*\.?/, 'w.')
    .replace(/[^\w.:-]/g, '') || 'any.net';

const VALUES = ['jason', 'prod', 'v1', 'x', ''];

export function requestNear(
  r: Random,
  words: Words,
  recorded: readonly GatewayRequest[],
  gateway?: string,
): GatewayRequest {
  const base = recorded.length > 0 && chance(r, 0.8) ? pick(r, recorded) : undefined;
  const [port, protocol] = words.ports.length > 0 ? pick(r, words.ports) : [80, 'HTTP'];
  const scheme = /HTTPS|TLS/.test(protocol) ? ('https' as const) : ('http' as const);
  const usesBase = base && chance(r, 0.4);
  let name = words.hosts.length > 0 && chance(r, 0.8) ? pick(r, words.hosts) : (base?.host ?? 'any.net');
  if (chance(r, 0.06)) name = name.toUpperCase();
  if (chance(r, 0.05)) name = `x.${name}`;
  const sniHost = name.replace(/:\d+$/, '');
  if (chance(r, 0.06)) name = `${name.replace(/:\d+$/, '')}:${pick(r, [port, 8080, 80])}`;
  let path = words.paths.length > 0 && chance(r, 0.75) ? pick(r, words.paths) : (base?.path ?? '/');
  if (!path.startsWith('/')) path = `/${path}`;
  path += pick(r, ['', '', '', '', '/', '/x', 'x', '?q=1', '/x?ver=v1&q=true', '//y', '/../z', '%2Fw', '/.', '.html']);
  path = path.replace(/[ #\x7f-\uffff]/g, '-');
  const headers: Record<string, string | string[]> = { ...(chance(r, 0.5) ? base?.headers : {}) } as never;
  for (let n = Math.floor(r() * 3); n > 0 && words.headers.length > 0; n--) {
    const [key, value] = pick(r, words.headers);
    if (/^[\w-]+$/.test(key))
      headers[key.toLowerCase()] = (chance(r, 0.8) ? value : pick(r, VALUES)).replace(/[^\x20-\x7e]/g, '');
  }
  delete headers.host;
  const method =
    chance(r, 0.3) && words.methods.length > 0
      ? plain(pick(r, words.methods))
      : pick(r, ['GET', 'GET', 'GET', 'POST', 'OPTIONS', 'HEAD', 'PUT']);
  if (words.origins.length > 0 && chance(r, 0.4)) {
    headers.origin = chance(r, 0.8) ? pick(r, words.origins) : 'http://evil.net';
    if (method === 'OPTIONS') headers['access-control-request-method'] = 'GET';
  }
  const at = usesBase ? { port: base.port, scheme: base.scheme } : { port, scheme };
  return {
    ...at,
    method: /^[A-Z]+$/.test(method) ? method : 'GET',
    host: name,
    path,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(at.scheme === 'https' ? { sni: chance(r, 0.05) ? null : /^[\w.-]+$/.test(sniHost) ? sniHost : null } : {}),
    ...(gateway === undefined ? {} : { gateway }),
  };
}
