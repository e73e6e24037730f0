// Which connection is taken by what, at one entry point: Router.ServeTCP in pkg/server/router/tcp/router.go. HTTPS routers with a Host that
// matches the server name come first, then TCP routers with TLS, then HTTPS routers without a Host, then `HostSNI(`*`)`, then HTTPS for
// its 404.

import type {
  ChainMatch,
  DomainPattern,
  FilterChain,
  HttpChain,
  L4Chain,
  Listener,
  Origin,
  TlsContext,
} from '../../model/index.js';
import { hostText, takesHost } from '../../model/index.js';
import { compileRegex } from '../../regex/match.js';
import { compareText } from '../../resources/fields.js';
import { type Certificates, certificatesIn } from './certificates.js';
import type { EntriesOf, Entry, SecureHost } from './entry.js';
import { type Findings, virtualHostsOf } from './http.js';
import type { MiddlewareContext } from './middlewares/middleware.js';
import { complementOf, smaller } from './ranges.js';
import { hostsTaking, namesOf, tellLengths } from './secure-hosts.js';
import type { EntryPoint } from './static.js';
import type { TcpEntry } from './tcp.js';
import type { TcpLiteral } from './tcp-rules.js';
import { tcpTies } from './tcp-ties.js';
import { DEFAULT_OPTIONS, type TlsOptions } from './tls-options.js';

interface Scene {
  readonly entryPoint: EntryPoint;
  readonly tcp: readonly TcpEntry[];
  readonly options: TlsOptions;
  readonly secure: readonly Entry[];
  /** Server names of HTTPS routers, with the options of each; without options the connection is closed. */
  readonly https: ReadonlyMap<string, SecureHost>;
  /** What gets the connections that no Host takes. */
  readonly catchAll?: Pick<SecureHost, 'options'>;
  readonly certificates: Certificates;
  readonly hosts: Map<string, HttpChain['virtualHosts']>;
  readonly found: Findings;
  /** Some object of Traefik: where no other is closer. */
  readonly origin: Origin;
}

/** What stands at one entry point. */
export interface Standing {
  readonly entryPoint: EntryPoint;
  readonly entries: readonly Entry[];
  readonly tcp: readonly TcpEntry[];
  /** Of all entry points. */
  readonly all: Pick<EntriesOf, 'hosts' | 'hostless'>;
}

export function listenerOf(
  { entryPoint, entries, tcp, all }: Standing,
  options: TlsOptions,
  context: MiddlewareContext & { readonly found: Findings },
): Listener {
  const { hosts, hostless } = all;
  const plain = entries.filter((e) => e.options === undefined);
  const secure = entries.filter((e) => e.options !== undefined);
  const { https, catchAll } = namesOf(
    hosts.filter((h) => h.entryPoint === entryPoint.name),
    hostless.has(entryPoint.name),
    entryPoint.port,
    context.found,
  );
  const scene: Scene = {
    entryPoint,
    tcp,
    options,
    secure,
    https,
    ...(catchAll ? { catchAll } : {}),
    certificates: certificatesIn(context),
    hosts: new Map(),
    found: context.found,
    origin: context.anyOrigin,
  };
  const bytes = tcp.filter((t) => t.tls === undefined);
  const virtualHosts = virtualHostsOf(plain, { entryPoint, tls: false }, undefined, context.found);
  const http: FilterChain = {
    kind: 'http',
    match: { transport: 'raw' },
    virtualHosts,
    ...emptyAt(virtualHosts, scene),
  };
  // Nothing looks into connections where no router needs to.
  const blind = bytes.length > 0 && tcp.length === bytes.length && https.size === 0 && !catchAll;
  const raw = candidatesFor(bytes, undefined);
  noteTies(bytes, { kind: 'any' }, scene, false);
  const plainBytes = (transport: 'raw' | 'tls'): readonly FilterChain[] =>
    raw.flatMap(({ entry, match }) =>
      byteChains(entry, { ...match, transport }, transport === 'tls' ? 'tls' : 'tcp', scene),
    );
  return {
    port: entryPoint.port,
    filterChains: [
      ...plainBytes('raw'),
      ...(raw.some(isSure) ? [] : [http]),
      ...(blind ? [...plainBytes('tls'), ...(raw.some(isSure) ? [] : secureChains(scene))] : secureChains(scene)),
    ],
    ...(entryPoint.sanitized ? {} : { asSent: true as const }),
  };
}

interface Candidate {
  readonly entry: TcpEntry;
  readonly match: Pick<ChainMatch, 'source' | 'sniTests'>;
}

/** Routers of one priority that can take the same connections. */
function noteTies(
  entries: readonly TcpEntry[],
  domain: DomainPattern,
  { entryPoint, found }: Scene,
  tls: boolean,
): void {
  const taking = entries.flatMap((entry) =>
    entry.alternatives.flatMap((alternative) => {
      const match = matchOf(alternative, tls ? domain : undefined);
      return match ? [{ entry, sure: isSure({ entry, match }) }] : [];
    }),
  );
  for (const tie of tcpTies(taking, domain, entryPoint.port, tls)) found.tie(tie);
}

const isSure = ({ match }: Candidate): boolean => !match.source && !match.sniTests;

/** Routers that can take connections with a server name of `domain`, in their order, up to one that takes all of them. */
function candidatesFor(entries: readonly TcpEntry[], domain: DomainPattern | undefined): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const entry of entries)
    for (const alternative of entry.alternatives) {
      const match = matchOf(alternative, domain);
      if (!match) continue;
      const candidate = { entry, match };
      found.push(candidate);
      if (isSure(candidate)) return found;
    }
  return found;
}

/** Undefined: none of these connections. */
function matchOf(
  alternative: readonly TcpLiteral[],
  domain: DomainPattern | undefined,
): Candidate['match'] | undefined {
  let source: readonly string[] | undefined;
  const sniTests: { pattern: string; invert?: true }[] = [];
  for (const literal of alternative) {
    const { not } = literal;
    const known = heldBy(literal, domain);
    if (known === not) return undefined;
    if (known !== undefined) continue;
    if (literal.on === 'client') source = intersectedRanges(source, not ? complementOf(literal.cidrs) : literal.cidrs);
    else if (literal.on === 'sni-regex') sniTests.push({ pattern: literal.pattern, ...(not ? { invert: true } : {}) });
  }
  return { ...(source ? { source } : {}), ...(sniTests.length > 0 ? { sniTests } : {}) };
}

/** Whether all connections with a name of `domain` (undefined: plain bytes) pass the test, its negation aside; undefined: some. */
function heldBy(literal: TcpLiteral, domain: DomainPattern | undefined): boolean | undefined {
  switch (literal.on) {
    case 'always':
      return true;
    case 'alpn':
      return false;
    case 'sni':
      return domain !== undefined && literal.hosts.some((h) => covers(h, domain));
    case 'sni-regex':
      if (domain !== undefined && domain.kind !== 'exact') return undefined;
      return compileRegex(literal.pattern).fullMatch(domain?.value ?? '');
    case 'client':
      return undefined;
  }
}

/** Both hold: nested ranges of which the smaller are left. */
function intersectedRanges(a: readonly string[] | undefined, b: readonly string[]): readonly string[] {
  return a === undefined ? b : intersectCidrs(a, b);
}

const covers = (host: DomainPattern, domain: DomainPattern): boolean =>
  domain.kind === 'exact'
    ? takesHost(host, domain.value)
    : domain.kind === host.kind && 'value' in domain && 'value' in host && domain.value === host.value;

/** Chains for TLS: one group for each server name that a rule names, and one for all others and none. */
function secureChains(scene: Scene): readonly FilterChain[] {
  const names = new Map<string, DomainPattern>();
  for (const host of scene.https.keys())
    names.set(
      host,
      host.startsWith('*.') ? { kind: 'one-label', value: host.slice(1) } : { kind: 'exact', value: host },
    );
  const secure = scene.tcp.filter((t) => t.tls !== undefined);
  for (const { alternatives } of secure)
    for (const alternative of alternatives)
      for (const literal of alternative)
        if (literal.on === 'sni') for (const host of literal.hosts) names.set(hostText(host), host);
  const needsNames = needsOwnChains(scene, secure);
  const domains: readonly DomainPattern[] = needsNames
    ? [...[...names.values()].sort((a, b) => compareText(hostText(a), hostText(b))), { kind: 'any' }]
    : [{ kind: 'any' }];
  return domains.flatMap((domain) => chainsFor(domain, scene, secure));
}

/** With one set of options and no routers of bytes all names are alike. */
function needsOwnChains({ https, options, catchAll }: Scene, secure: readonly TcpEntry[]): boolean {
  return (
    secure.length > 0 ||
    options.option(DEFAULT_OPTIONS)?.sniStrict === true ||
    [...https.values(), ...(catchAll ? [catchAll] : [])].some(({ options: o }) => o !== DEFAULT_OPTIONS)
  );
}

function chainsFor(domain: DomainPattern, scene: Scene, secure: readonly TcpEntry[]): readonly FilterChain[] {
  const sni = domain.kind === 'any' ? {} : { sni: [domain] };
  const [named, rival] = hostsTaking(domain, scene.https);
  if (named) {
    if (rival) tellLengths(named, rival, scene.entryPoint.port, scene.found);
    return httpsChains(domain, named.options, { transport: 'tls', ...sni }, scene);
  }
  const candidates = candidatesFor(secure, domain);
  noteTies(secure, domain, scene, true);
  const { catchAll } = scene;
  const chains = candidates.flatMap(({ entry, match }): readonly FilterChain[] => {
    const where: ChainMatch = { transport: 'tls', ...sni, ...match };
    if (entry.catchAll && catchAll) return httpsChains(domain, catchAll.options, where, scene);
    return byteChains(entry, where, entry.tls === 'passthrough' ? 'tls' : 'tcp', scene);
  });
  if (candidates.some(isSure)) return chains;
  const { options } = catchAll ?? { options: DEFAULT_OPTIONS };
  return [...chains, ...httpsChains(domain, options, { transport: 'tls', ...sni }, scene)];
}

function httpsChains(
  domain: DomainPattern,
  options: string | undefined,
  match: ChainMatch,
  scene: Scene,
): readonly FilterChain[] {
  const closed: L4Chain = { kind: 'l4', l4: 'tcp', match, destinations: [], origin: scene.origin };
  if (options === undefined || !scene.options.known(options)) return [closed];
  const option = scene.options.option(options);
  if (option?.sniStrict && !scene.certificates.cover(domain)) return [{ ...closed, origin: option.origin }];
  const tls: TlsContext = {
    mode: 'simple',
    ...option?.context,
    ...scene.certificates.usual,
    ...(scene.certificates.list.length > 0 ? { certificates: scene.certificates.list } : {}),
    ...(option ? { origin: option.origin } : {}),
  };
  let virtualHosts = scene.hosts.get(options);
  if (!virtualHosts) {
    virtualHosts = virtualHostsOf(scene.secure, { entryPoint: scene.entryPoint, tls: true }, options, scene.found);
    scene.hosts.set(options, virtualHosts);
  }
  return [{ kind: 'http', match, tls, virtualHosts, ...emptyAt(virtualHosts, scene) }];
}

/** Without a rule it comes from nothing closer than the gateway. */
const emptyAt = (hosts: HttpChain['virtualHosts'], { origin }: Scene): { readonly origin?: Origin } =>
  hosts.some((v) => v.routes.length > 0) ? {} : { origin };

function byteChains(entry: TcpEntry, match: ChainMatch, l4: L4Chain['l4'], scene: Scene): readonly FilterChain[] {
  const closed: L4Chain = { kind: 'l4', l4, match, destinations: [], origin: entry.origin };
  if (entry.tls === 'broken') return [{ ...closed, origin: entry.matchOrigin }];
  const total = entry.destinations.reduce((sum, d) => sum + d.weight, 0);
  const options = typeof entry.tls === 'object' ? entry.tls.options : undefined;
  const option = options === undefined ? undefined : scene.options.option(options);
  const chain: L4Chain = {
    ...closed,
    destinations: total === 0 ? [] : entry.destinations,
    ...(options === undefined
      ? {}
      : {
          tls: {
            mode: 'simple',
            ...option?.context,
            ...scene.certificates.usual,
            ...(scene.certificates.list.length > 0 ? { certificates: scene.certificates.list } : {}),
          },
        }),
  };
  if (entry.allowed.length === 0) return [chain];
  // Who is on no list is hung up on.
  const inside = entry.allowed.map(({ cidrs }) => cidrs).reduce(intersectCidrs);
  const source = match.source ? intersectCidrs(match.source, inside) : inside;
  return [...(source.length > 0 ? [{ ...chain, match: { ...match, source } }] : []), closed];
}

function intersectCidrs(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.flatMap((x) => b.flatMap((y) => smaller(x, y)));
}
