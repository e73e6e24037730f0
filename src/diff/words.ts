// Conditions and actions of a route in a few words, for tables.

import {
  type Action,
  type DomainPattern,
  type HeaderMatcher,
  hostText,
  type PathRewrite,
  portText,
  questionWords,
  type Route,
  type RouteMatch,
  type StringMatcher,
  table,
  templateWords,
  type WeightedDestination,
} from '../model/index.js';

const KIND = {
  exact: '=',
  prefix: 'begins',
  suffix: 'ends',
  contains: 'contains',
  'segment-prefix': 'at or below',
} as const;

export function matchWords(match: RouteMatch): string[] {
  const words: string[] = [];
  if (match.path && match.path.kind !== 'any') words.push(`path ${valueWords(match.path)}`);
  for (const h of match.headers) words.push(headerWords(h));
  for (const q of match.query) words.push(testWords(`query ${q.name}`, q.value, q.invert));
  for (const s of match.source ?? []) words.push(`client ${s.invert ? 'not in' : 'in'} ${s.cidrs.join(', ')}`);
  for (const c of match.claims ?? []) words.push(testWords(`claim ${c.claim.join('.')}`, c.value, c.invert));
  return words;
}

const PSEUDO = table<string>({
  ':method': 'method',
  ':authority': 'host',
  ':scheme': 'scheme',
  ':path': 'path and query',
  ':pathname': 'path',
});

const headerWords = ({ name, value, invert }: HeaderMatcher): string =>
  testWords(PSEUDO.get(name) ?? questionWords(name) ?? `header ${name}`, value, invert);

function testWords(what: string, value: StringMatcher, invert: boolean | undefined): string {
  if (value.kind === 'any') return `${what} ${invert ? 'absent' : 'present'}`;
  return `${what} ${invert ? 'not ' : ''}${valueWords(value)}`;
}

function valueWords(value: StringMatcher): string {
  if (value.kind === 'any') return 'anything';
  if (value.kind === 'regex') return `~ ${value.pattern}`;
  return `${KIND[value.kind]} ${value.value}${value.ignoreCase ? ' (any case)' : ''}`;
}

export function actionWords({ action, cors, fault }: Pick<Route, 'action' | 'cors' | 'fault'>): string {
  const extras = [
    ...(action.kind === 'forward' && action.rewrite?.path ? [`path ${rewriteWords(action.rewrite.path)}`] : []),
    ...(action.kind === 'forward' && action.rewrite?.host ? [`host ${action.rewrite.host}`] : []),
    ...(action.kind === 'forward' && action.rewrite?.method ? [`method ${action.rewrite.method}`] : []),
    ...(action.kind === 'forward' && action.rewrite?.query ? ['query parameters changed'] : []),
    ...(action.kind === 'forward' && action.mirrors?.length
      ? [`mirror ${action.mirrors.map((m) => `${m.destination.host}:${portText(m.destination)}`).join(', ')}`]
      : []),
    ...(cors ? ['CORS'] : []),
    ...(fault?.abort
      ? [`abort ${fault.abort.grpc ? 'grpc-status ' : ''}${fault.abort.status} ${fault.abort.percent} %`]
      : []),
    ...(fault?.delay ? [`delay ${fault.delay.ms} ms ${fault.delay.percent} %`] : []),
  ];
  return [plainWords(action), ...extras].join('; ');
}

function plainWords(action: Action): string {
  switch (action.kind) {
    case 'forward':
      return destinationWords(action.destinations);
    case 'redirect': {
      if (action.location !== undefined) return `${action.status} → ${templateWords(action.location)}`;
      const port = typeof action.port === 'number' ? `:${action.port}` : '';
      const path = action.path ? ` path ${rewriteWords(action.path)}` : '';
      return `${action.status} → ${action.scheme ? `${action.scheme}://` : ''}${action.host ?? 'same host'}${port}${path}`;
    }
    case 'direct-response':
      return action.defaultBackend ? `${action.status} (default backend)` : `${action.status}`;
    case 'none':
      return `nothing: ${action.reason}`;
  }
}

export function destinationWords(destinations: readonly WeightedDestination[]): string {
  let words = destinationTexts.get(destinations);
  if (words === undefined) destinationTexts.set(destinations, (words = wordsOfDestinations(destinations)));
  return words;
}

/** Told once for each way through a rule. */
const destinationTexts = new WeakMap<readonly WeightedDestination[], string>();

function wordsOfDestinations(destinations: readonly WeightedDestination[]): string {
  const total = destinations.reduce((n, d) => n + d.weight, 0);
  const one = ({ to }: WeightedDestination) =>
    'status' in to
      ? `status ${to.status}`
      : `${to.host}:${portText(to)}${to.subset ? `/${to.subset}` : ''}${to.missing ? ` (no such ${to.missing})` : ''}`;
  if (destinations.length === 1) return one(destinations[0]!);
  return destinations.map((d) => `${Math.round((100 * d.weight) / Math.max(total, 1))} % ${one(d)}`).join(', ');
}

function rewriteWords(rewrite: PathRewrite): string {
  switch (rewrite.kind) {
    case 'prefix':
      return `${rewrite.from} → ${rewrite.to}`;
    case 'full':
      return `→ ${templateWords(rewrite.to)}`;
    case 'regex':
      return `${rewrite.pattern} → ${rewrite.substitution}`;
    case 'strip-trailing-slash':
      return 'without the slash at the end';
  }
}

export const domainWords = (domain: DomainPattern): string =>
  `${hostText(domain)}${domain.kind === 'one-label' ? ' (one label)' : ''}`;
