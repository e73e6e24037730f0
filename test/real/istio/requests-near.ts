// Requests that come close to the rules of a configuration: its hosts, ports, paths, headers and methods, bent a little.
import type { GatewayRequest } from '../../../src/model/index.js';
import type { Random } from '../../envoy/generate.js';
import { chance, type Doc, type Node, pick } from './mutate.js';

export interface Words {
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
  const walk = (node: Node, keys: readonly string[]): void => {
    if (typeof node === 'string') noteText(words, node, keys);
    else if (Array.isArray(node)) for (const n of node) walk(n, keys);
    else if (typeof node === 'object' && node !== null) {
      noteHeaders(words, node, keys.at(-1) ?? '');
      notePorts(words, node, keys);
      for (const [k, v] of Object.entries(node)) walk(v, [...keys, k]);
    }
  };
  for (const doc of docs) if (doc.kind !== 'Service') walk(doc.spec ?? null, []);
  if (docs.some((d) => d.kind === 'Ingress')) words.ports.push([80, 'HTTP'], [443, 'HTTPS']);
  return words;
}

/** What a text is, by the keys that lead to it: the first row that fits. */
const TEXTS: readonly (readonly [
  fits: (keys: readonly string[]) => boolean,
  note: (words: Words, text: string) => void,
])[] = [
  [
    (keys) =>
      /^(hosts?|hostnames?|sniHosts|authority|notHosts)$/.test(keys.at(-1) ?? '') && !keys.includes('destination'),
    (words, text) => words.hosts.push(host(text)),
  ],
  [(keys) => keys.includes('authority'), (words, text) => words.hosts.push(host(text))],
  [
    (keys) => ['method', 'methods', 'notMethods'].some((key) => keys.includes(key)),
    (words, text) => words.methods.push(text),
  ],
  [(keys) => keys.includes('allowOrigins'), (words, text) => words.origins.push(plain(text))],
  [
    (keys) =>
      /^(uri|path|paths|notPaths|fullPath|redirect|rewrite)$/.test(
        keys.find((k) => /uri|path|redirect|rewrite/i.test(k)) ?? '',
      ),
    (words, text) => {
      if (text.startsWith('/')) words.paths.push(plain(text));
    },
  ],
];

const noteText = (words: Words, text: string, keys: readonly string[]): void =>
  TEXTS.find(([fits]) => fits(keys))?.[1](words, text);

type Fields = { readonly [key: string]: Node };

const isFields = (node: Node | undefined): node is Fields =>
  typeof node === 'object' && node !== null && !Array.isArray(node);

const strings = (n: Node): string[] => (typeof n === 'string' ? [n] : Array.isArray(n) ? n.flatMap(strings) : []);

/** Headers of a VirtualService, of an HTTPRoute, and of an AuthorizationPolicy. */
function noteHeaders({ headers }: Words, node: Fields, key: string): void {
  if (/^(headers|withoutHeaders)$/.test(key))
    for (const [name, match] of Object.entries(node))
      if (isFields(match)) for (const v of Object.values(match)) headers.push([name, plain(String(v))]);
  if (typeof node.name === 'string' && typeof node.value === 'string') headers.push([node.name, plain(node.value)]);
  if (typeof node.key === 'string' && /^request\.headers\[(.*)\]$/.test(node.key))
    headers.push([node.key.slice(16, -1), plain(strings(node.values ?? node.notValues ?? [])[0] ?? 'x')]);
}

/** Ports of an Istio server, and of a listener of the Gateway API. */
function notePorts({ ports }: Words, { number, port, protocol, name }: Fields, keys: readonly string[]): void {
  if (typeof protocol !== 'string') return;
  if (typeof number === 'number') ports.push([number, protocol]);
  if (typeof port === 'number' && name !== undefined && keys.includes('listeners')) ports.push([port, protocol]);
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
  const { name, sniHost } = hostNear(r, words, base, port);
  const path = pathNear(r, words, base);
  const headers = headersNear(r, words, base);
  const method = methodNear(r, words);
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

/** `sniHost`: without the port that the Host header may have. */
function hostNear(r: Random, { hosts }: Words, base: GatewayRequest | undefined, port: number) {
  let name = hosts.length > 0 && chance(r, 0.8) ? pick(r, hosts) : (base?.host ?? 'any.net');
  if (chance(r, 0.06)) name = name.toUpperCase();
  if (chance(r, 0.05)) name = `x.${name}`;
  const sniHost = name.replace(/:\d+$/, '');
  return { name: chance(r, 0.06) ? `${sniHost}:${pick(r, [port, 8080, 80])}` : name, sniHost };
}

function pathNear(r: Random, { paths }: Words, base: GatewayRequest | undefined): string {
  const path = paths.length > 0 && chance(r, 0.75) ? pick(r, paths) : (base?.path ?? '/');
  const tail = pick(r, [
    '',
    '',
    '',
    '',
    '/',
    '/x',
    'x',
    '?q=1',
    '/x?ver=v1&q=true',
    '//y',
    '/../z',
    '%2Fw',
    '/.',
    '.html',
  ]);
  return `${path.startsWith('/') ? '' : '/'}${path}${tail}`.replace(/[ #\x7f-\uffff]/g, '-');
}

function headersNear(r: Random, words: Words, base: GatewayRequest | undefined): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { ...(chance(r, 0.5) ? base?.headers : {}) } as never;
  for (let n = Math.floor(r() * 3); n > 0 && words.headers.length > 0; n--) {
    const [key, value] = pick(r, words.headers);
    if (/^[\w-]+$/.test(key))
      headers[key.toLowerCase()] = (chance(r, 0.8) ? value : pick(r, VALUES)).replace(/[^\x20-\x7e]/g, '');
  }
  delete headers.host;
  return headers;
}

const methodNear = (r: Random, { methods }: Words): string =>
  chance(r, 0.3) && methods.length > 0
    ? plain(pick(r, methods))
    : pick(r, ['GET', 'GET', 'GET', 'POST', 'OPTIONS', 'HEAD', 'PUT']);
