// Virtual hosts of an entry point. Traefik has one list of routers for all hosts, ordered by priority; here each host that a rule names has
// the part of the list that can take its requests.

import {
  type Action,
  type DomainPattern,
  hostText,
  placeKey,
  type Route,
  type StringMatcher,
  takesHost,
  type Unsupported,
  type VirtualHost,
} from '../../model/index.js';
import { compileRegex } from '../../regex/match.js';
import { compareText } from '../../resources/fields.js';
import { questionName } from './engine.js';
import type { Entry } from './entry.js';
import { answerRoute, type Flow, withHeader } from './middlewares/flow.js';
import type { Place, Step } from './middlewares/middleware.js';
import { testBefore } from './middlewares/path-now.js';
import { NOSNIFF } from './middlewares/paths.js';
import { intersected } from './path-match.js';
import type { Literal } from './rules/literals.js';
import type { Alternative } from './rules/normal-form.js';
import { shadows } from './surprises.js';
import { targetRoutes, unknownsOf } from './target-routes.js';
import { type Part, type Tie, withChance } from './ties.js';
import type { Verdicts } from './verdicts.js';

/** `used`: the TLS options of the connection; absent: plain HTTP. In the order of their priorities. */
export function virtualHostsOf(
  entries: readonly Entry[],
  place: Place,
  used: string | undefined,
  found: Findings,
): readonly VirtualHost[] {
  const domains = domainsIn(entries);
  return domains.map((domain): VirtualHost => {
    const scene = { domain, place, used, found };
    const parts = entries.flatMap((entry) => partsOf(entry, startOf(entry), scene));
    shadows(parts, domain, place.tls, found.verdicts);
    const routes = withChance(parts, domain, place.tls, found.tie);
    const first = routes[0]?.origin;
    return { name: hostText(domain), domains: [domain], routes, ...(first ? { origin: first } : {}) };
  });
}

/** Where requests are looked at. */
interface Scene {
  readonly domain: DomainPattern;
  readonly place: Place;
  readonly used: string | undefined;
  readonly found: Findings;
}

/** What lint and answers learn of the routers. */
export interface Findings {
  readonly tie: (tie: Tie) => void;
  readonly unknown: (unknown: Unsupported) => void;
  readonly verdicts: Verdicts;
}

/** Every host that a rule names, and all the others. */
function domainsIn(entries: readonly Entry[]): readonly DomainPattern[] {
  const found = new Map<string, DomainPattern>();
  const visit = (entry: Entry): void => {
    for (const alternative of entry.rule.alternatives)
      for (const literal of alternative)
        if (literal.on === 'host') for (const host of literal.hosts) found.set(hostText(host) + host.kind, host);
    for (const child of entry.children) visit(child);
  };
  for (const entry of entries) visit(entry);
  return [...[...found.values()].sort((a, b) => compareText(hostText(a), hostText(b))), { kind: 'any' }];
}

const startOf = ({ router }: Entry): Flow => ({
  headers: [],
  query: [],
  source: [],
  steps: [],
  now: 'same',
  request: [],
  response: [],
  conditions: [],
  shapedBy: [],
  origin: router.origin,
  matchOrigin: router.matchOrigin,
});

/** One for each alternative of the rule that a request of the host can hold. */
function partsOf(entry: Entry, flow: Flow, scene: Scene): readonly Part[] {
  const { domain, place, used } = scene;
  return entry.rule.alternatives.flatMap((alternative): readonly Part[] => {
    const taken = withAlternative(flow, alternative, domain);
    if (!taken) return [];
    const own: Flow = { ...taken, origin: entry.router.origin, matchOrigin: entry.router.matchOrigin };
    const misdirected = used !== undefined && entry.options !== undefined && entry.options !== used;
    const routes = misdirected
      ? [answerRoute(own, MISDIRECTED, [NOSNIFF])]
      : through(entry.steps, own, place, (after) => endOf(entry, after, scene));
    return [{ entry, flow: own, routes }];
  });
}

const MISDIRECTED: Action = {
  kind: 'direct-response',
  status: 421,
  body: 'Misdirected Request\n',
  why: 'the TLS options of the host are others than those of the server name',
};

/** The middlewares one in the other, and what stands at the end. */
function through(
  steps: readonly Step[],
  flow: Flow,
  place: Place,
  end: (flow: Flow) => readonly Route[],
): readonly Route[] {
  const [first, ...rest] = steps;
  return first ? first(flow, place, (after) => through(rest, after, place, end)) : end(flow);
}

function endOf(entry: Entry, flow: Flow, scene: Scene): readonly Route[] {
  if (entry.target) {
    const { origin } = entry.router;
    const reach = { ports: [scene.place.entryPoint.port], places: new Set([placeKey(origin)]) };
    for (const unknown of unknownsOf(entry.target)) scene.found.unknown({ origin, ...unknown, reach });
    return targetRoutes(entry.target, flow);
  }
  const parts = entry.children.flatMap((child) => partsOf(child, flow, scene));
  return [...withChance(parts, scene.domain, scene.place.tls, scene.found.tie), answerRoute(flow, NO_CHILD, [NOSNIFF])];
}

const NO_CHILD: Action = {
  kind: 'direct-response',
  status: 404,
  body: '404 page not found\n',
  why: 'no child router takes it',
};

/** Undefined: no request of the host can hold it. */
function withAlternative(flow: Flow, alternative: Alternative, domain: DomainPattern): Flow | undefined {
  let result: Flow | undefined = flow;
  for (const literal of alternative) {
    if (!result) return undefined;
    result = withLiteral(result, literal, domain);
  }
  return result;
}

function withLiteral(flow: Flow, literal: Literal, domain: DomainPattern): Flow | undefined {
  const { not } = literal;
  const constant = (holds: boolean): Flow | undefined => (holds === not ? undefined : flow);
  switch (literal.on) {
    case 'always':
      return constant(true);
    case 'never':
      return constant(false);
    case 'host':
      return constant(literal.hosts.some((host) => covers(host, domain)));
    case 'host-regex':
      return withHostRegex(flow, literal.patterns, not, domain);
    case 'path':
      return withPath(flow, literal.value, not);
    case 'method':
      return withHeader(flow, { name: ':method', value: literal.value, ...(not ? { invert: true } : {}) });
    case 'header':
      return withHeader(flow, {
        name: literal.name,
        value: literal.value,
        missing: 'absent',
        ...(not ? { invert: true } : {}),
      });
    case 'query':
      return {
        ...flow,
        query: [...flow.query, { name: literal.name, value: literal.value, ...(not ? { invert: true } : {}) }],
      };
    case 'client':
      return {
        ...flow,
        source: [...flow.source, { cidrs: literal.cidrs, address: 'peer', ...(not ? { invert: true } : {}) }],
      };
  }
}

/** Whether a host that a rule names takes the requests of a virtual host: each host that is named has one of its own. */
function covers(host: DomainPattern, domain: DomainPattern): boolean {
  if (domain.kind === 'exact') return takesHost(host, domain.value);
  return domain.kind === host.kind && 'value' in domain && 'value' in host && domain.value === host.value;
}

function withHostRegex(flow: Flow, patterns: readonly string[], not: boolean, domain: DomainPattern): Flow | undefined {
  const pattern = patterns.length === 1 ? patterns[0]! : patterns.map((p) => `(?:${p})`).join('|');
  if (domain.kind === 'exact') {
    const regex = compileRegex(pattern);
    const holds = regex.fullMatch(domain.value);
    if (holds === regex.fullMatch(`${domain.value}.`)) return holds === not ? undefined : flow;
  }
  // In lower case and without a port: a pattern without capitals says so itself.
  if (!/[A-Z]/.test(pattern.replace(/\\./g, '')))
    return withHeader(flow, {
      name: ':authority',
      value: { kind: 'regex', pattern: `(?i:${pattern})(?::[0-9]*)?` },
      ...(not ? { invert: true } : {}),
    });
  return withHeader(flow, {
    name: questionName({ ask: 'host-name' }),
    value: { kind: 'regex', pattern },
    ...(not ? { invert: true } : {}),
  });
}

function withPath(flow: Flow, value: StringMatcher, not: boolean): Flow | undefined {
  if (flow.now === 'same') return withRequestPath(flow, value, not);
  const before = testBefore(flow, value);
  if (!before)
    return withHeader(flow, {
      name: questionName({ ask: 'path', steps: flow.steps }),
      value,
      ...(not ? { invert: true } : {}),
    });
  if ('always' in before) return before.always === not ? undefined : flow;
  return withRequestPath(flow, before.on, not);
}

/** The path that the client asked for. */
function withRequestPath(flow: Flow, value: StringMatcher, not: boolean): Flow | undefined {
  const both = intersected(flow.path, value, not);
  if (both === 'none') return undefined;
  if (both !== undefined) return both.kind === 'any' ? flow : { ...flow, path: both };
  return withHeader(flow, { name: ':pathname', value, ...(not ? { invert: true } : {}) });
}
