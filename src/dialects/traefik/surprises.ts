// What Traefik makes of objects although nobody wrote it: notes that lint tells (docs/traefik.md).

import { type DomainPattern, type GatewayRequest, originOf } from '../../model/index.js';
import type { IngressView } from '../../resources/ingress.js';
import type { RouterSettings } from './annotations.js';
import type { EntryPoint, IngressProvider, StaticConfig } from './static.js';
import type { Part } from './ties.js';
import type { Verdicts } from './verdicts.js';

/** Of one Ingress. */
export function ingressSurprises(
  view: IngressView,
  settings: RouterSettings,
  {
    config,
    provider,
    verdicts,
  }: { readonly config: StaticConfig; readonly provider: IngressProvider; readonly verdicts: Verdicts },
): void {
  if (!provider.strictPrefixMatching)
    for (const rule of view.rules) for (const entry of rule.paths) prefixSurprise(entry, verdicts);
  const points = entryPointsOf(settings, config);
  const named = view.resource.annotations;
  const key = Object.keys(named).find((k) => k.toLowerCase() === 'traefik.ingress.kubernetes.io/router.tls');
  const plain = points.filter((e) => !e.tls).map((e) => e.name);
  if (settings.tls && plain.length > 0)
    verdicts.note(
      'traefik-tls-only',
      key === undefined
        ? originOf(view.resource, 'metadata', 'annotations')
        : originOf(view.resource, 'metadata', 'annotations', key),
      `the router has TLS at all its entry points, so that plain HTTP on ${plain.join(', ')} is answered 404: name the ones with TLS in router.entrypoints`,
    );
  const [first] = view.tls;
  if (first && !settings.tls && points.length > 0 && plain.length === points.length)
    verdicts.note(
      'traefik-tls-section',
      first.origin,
      `the section brings certificates only: none of the entry points ${plain.join(', ')} has TLS, so that https is answered 404`,
    );
}

function prefixSurprise(
  { path, pathType, pathOrigin }: IngressView['rules'][number]['paths'][number],
  verdicts: Verdicts,
): void {
  if (pathType !== 'Prefix' || !path || path.endsWith('/')) return;
  verdicts.note(
    'traefik-prefix',
    pathOrigin,
    `Traefik takes ${path} letter by letter: ${path}x too, which the Kubernetes specification does not`,
  );
}

function entryPointsOf({ entryPoints }: RouterSettings, { entryPoints: all }: StaticConfig): readonly EntryPoint[] {
  if (entryPoints.length > 0) return all.filter((e) => entryPoints.includes(e.name));
  const defaults = all.filter((e) => e.asDefault);
  return defaults.length > 0 ? defaults : all.filter((e) => e.name !== 'traefik');
}

/** Pairs that are looked at in one virtual host. */
const MAX_PAIRS = 5_000;

/** Rules whose requests a longer text takes, though theirs says more of them. `parts`: in the order in which they are tried. */
export function shadows(parts: readonly Part[], domain: DomainPattern, tls: boolean, verdicts: Verdicts): void {
  const host = domain.kind === 'any' ? 'host.example' : domain.kind === 'exact' ? domain.value : `a${domain.value}`;
  const usual = parts.filter(({ entry }) => entry.router.priority === 0);
  let pairs = 0;
  for (const [i, later] of usual.entries())
    for (const earlier of usual.slice(0, i)) {
      if (++pairs > MAX_PAIRS) return;
      const witness = sharedRequest(earlier, later, host, tls);
      if (!witness || earlier.entry.priority === later.entry.priority) continue;
      verdicts.note(
        'traefik-shadow',
        later.entry.router.matchOrigin,
        `the rule is more specific, and shorter (${later.entry.priority} characters) than ${earlier.entry.router.rule} (${earlier.entry.priority}), which takes the requests of both`,
        witness,
      );
      break;
    }
}

/** A request of both, where the later rule is the more specific one; undefined otherwise. */
function sharedRequest(earlier: Part, later: Part, host: string, tls: boolean): GatewayRequest | undefined {
  if (earlier.entry.router === later.entry.router || !onlyPath(earlier) || !onlyPath(later)) return undefined;
  const [a, b] = [earlier.flow.path, later.flow.path];
  const hosts = hostRank(earlier, host) - hostRank(later, host);
  const path = sharedPath(a, b);
  if (path === undefined) return undefined;
  const narrower = b?.kind === 'exact' && a?.kind !== 'exact';
  if (hosts > 0 || (hosts === 0 && !narrower)) return undefined;
  if (hosts < 0 && !narrower && a === undefined) return undefined;
  const { port } = later.entry.entryPoint;
  return { port, scheme: tls ? 'https' : 'http', method: 'GET', host, path };
}

const onlyPath = ({ flow }: Part): boolean =>
  flow.headers.length === 0 && flow.query.length === 0 && flow.source.length === 0;

/** 2: the rule names the host itself, 1: with a star, 0: not at all. */
function hostRank({ entry }: Part, host: string): number {
  const hosts = entry.rule.domains;
  return hosts.includes(host) ? 2 : hosts.length > 0 ? 1 : 0;
}

function sharedPath(a: Part['flow']['path'], b: Part['flow']['path']): string | undefined {
  const [x, y] = [a, b].map((p) =>
    p === undefined ? '/' : 'value' in p && (p.kind === 'prefix' || p.kind === 'exact') ? p.value : undefined,
  );
  if (x === undefined || y === undefined) return undefined;
  const longer = x.length >= y.length ? x : y;
  const takes = (p: Part['flow']['path'], path: string): boolean =>
    p === undefined || (p.kind === 'exact' ? p.value === path : 'value' in p && path.startsWith(p.value));
  return takes(a, longer) && takes(b, longer) ? longer : undefined;
}
