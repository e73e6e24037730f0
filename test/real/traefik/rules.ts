// Texts of Traefik's rules: nearly the same ones, and what requests for them are made of.
import type { Random } from '../../envoy/generate.js';
import { chance, type Doc, type Node, pick } from '../istio/mutate.js';
import { type Words, wordsOf } from '../istio/requests-near.js';

const routesOf = ({ spec }: Doc): Doc[] => {
  const routes = typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? spec.routes : undefined;
  return Array.isArray(routes) ? routes.filter((r): r is Doc => typeof r === 'object' && r !== null) : [];
};

const OWN = /^IngressRoute(TCP)?$/;

/** Every rule of these objects. */
export const rulesIn = (docs: readonly Doc[]): string[] =>
  docs
    .filter((d) => OWN.test(String(d.kind)))
    .flatMap(routesOf)
    .flatMap(({ match }) => (typeof match === 'string' ? [match] : []));

/** Changes some of the rules, in place. `pool`: rules of other objects, from which parts are taken. */
export function mutateRules(r: Random, docs: readonly Doc[], pool: readonly string[]): void {
  for (const doc of docs.filter((d) => d.kind === 'IngressRoute'))
    for (const route of routesOf(doc))
      if (typeof route.match === 'string' && chance(r, 0.25)) changeRoute(r, route, pool);
}

function changeRoute(r: Random, route: Doc, pool: readonly string[]): void {
  if (chance(r, 0.2)) route.priority = pick(r, [-1, 0, 1, 10, 1000, 30] as Node[]);
  else {
    const before = String(route.match);
    const after = changed(r, before, pick(r, pool));
    route.match = hasNegatedHost(after) ? before : after;
  }
}

/** Whether such a host is one of the rule's hosts (for TLS) is answered otherwise by 3.7.13 than by 3.7.9, which was recorded. */
export const hasNegatedHost = (rule: string): boolean => /!.*Host/i.test(rule);

const changed = (r: Random, rule: string, other: string): string =>
  pick(r, [
    () => `${rule} && ${other}`,
    () => `${rule} || ${other}`,
    () => `(${rule}) && (${other})`,
    () => `${rule} && !(${other})`,
    () => `!(${rule})`,
    () => `${rule} && !${other}`,
    () => rule.replace(/PathPrefix\(/, 'Path('),
    () => rule.replace(/\bPath\(/, 'PathPrefix('),
    () => rule.replace(/\bHost\(`([^`]*)`\)/, 'HostRegexp(`$1`)'),
    () => rule.replace(/\bHost\(`[^.`]*/, 'Host(`*'),
    () => rule.replace(/\bPath(Prefix)?\(`([^`]*)`\)/, 'PathRegexp(`$2`)'),
    () => rule.replaceAll(' && ', '&&'),
    () => rule.split(' && ').slice(1).join(' && ') || rule,
    () => rule.split(' && ')[0]!,
    () => rule.replaceAll('`', '"'),
    () => rule.replace(/`(\/[^`]*)`/, '`$1/`'),
    () => other,
  ])();

const MATCHER = /\b([A-Za-z]+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
const TEXT = /`([^`]*)`|"((?:[^"\\]|\\.)*)"/g;

/** What requests near the rules of these objects are made of. */
export function wordsOfRules(docs: readonly Doc[], ports: readonly (readonly [number, string])[]): Words {
  const words = wordsOf(docs);
  words.ports.length = 0;
  for (const [port, protocol] of ports) words.ports.push([port, protocol]);
  for (const rule of rulesIn(docs))
    for (const [, name = '', inside = ''] of rule.matchAll(MATCHER)) {
      const [first = '', second = ''] = [...inside.matchAll(TEXT)].map((m) => plain(m[1] ?? m[2] ?? ''));
      if (/^host/i.test(name)) words.hosts.push(first.replace(/^\*\.?/, 'w.') || 'any.net');
      else if (/^path/i.test(name)) words.paths.push(first.startsWith('/') ? first : `/${first}`);
      else if (/^header/i.test(name)) words.headers.push([first, second]);
      else if (/^query/i.test(name)) words.paths.push(`/?${first}=${second}`);
      else if (/^method/i.test(name)) words.methods.push(first);
    }
  return words;
}

/** Something that a pattern may match. */
const plain = (pattern: string): string =>
  pattern
    .replace(/\(\?[a-z]+\)|[\^$]/g, '')
    .replace(/\.\*|\.\+/g, 'x')
    .replace(/\{[^{}]*\}/g, 'x')
    .replace(/\[[^\]]*\][+*]?/g, '7')
    .replace(/\\d[+*]?/g, '4')
    .replace(/\\(.)/g, '$1')
    .replace(/\(([^|()]*)[^()]*\)[?*+]?/g, '$1');
