// The proof of a translation: input and output are compared as `diff` compares two configurations, and each difference is matched with
// the items of the report that announced it.

import type { ConversionItem } from '../dialects/dialect.js';
import { type ConfigDiff, diffConfigs } from '../diff/index.js';
import type { EffectiveGateway, GatewayRequest, MatchedOrigin, Origin, Position } from '../model/index.js';
import { formatPath, formatResource } from '../model/index.js';
import type { Translation } from './convert.js';

export interface VerifiedDifference {
  readonly request: GatewayRequest;
  readonly before: ConfigDiff['differences'][number]['before'];
  readonly after: ConfigDiff['differences'][number]['after'];
  readonly because: { readonly before: MatchedOrigin | null; readonly after: MatchedOrigin | null };
  /** Features of the items that announced it; empty: nobody did. */
  readonly announcedBy: readonly string[];
}

export interface Verification {
  readonly equivalent: boolean | 'undecided';
  readonly compared: ConfigDiff['compared'];
  readonly differences: readonly VerifiedDifference[];
  readonly undecided: ConfigDiff['undecided'];
  /** Differences and undecided parts that no item announced. */
  readonly unannounced: number;
}

/** `after`: the gateways that the output means, read back from its YAML. Each source gateway is compared with the target's that took its place. */
export function verify(
  translation: Translation,
  after: readonly EffectiveGateway[],
  locate: (origin: Origin) => Position,
): Verification {
  const losses = translation.items.filter((i) => i.severity !== 'exact');
  const diff = diffConfigs(translation.gateways, after, { locate, pairs: pairsOf(translation, after) });
  const differences = diff.differences.map((d) => ({
    request: d.request,
    before: d.before,
    after: d.after,
    because: d.because,
    announcedBy: [...new Set(losses.filter((i) => announces(i, d)).map((i) => i.feature))],
  }));
  const silent =
    differences.filter((d) => d.announcedBy.length === 0).length +
    diff.undecided.filter((u) => !u.because || !losses.some((i) => isAbout(i, u.because?.before ?? null))).length;
  return {
    equivalent: diff.equivalent,
    compared: diff.compared,
    differences,
    undecided: diff.undecided,
    unannounced: silent,
  };
}

/** Source id and target id of each gateway that has a counterpart in the output. */
export function pairsOf(
  translation: Pick<Translation, 'gateways' | 'renamed'>,
  after: readonly EffectiveGateway[],
): [string, string][] {
  return translation.gateways.flatMap((g): [string, string][] => {
    const id = translation.renamed.get(g.id) ?? g.id;
    const target = after.find((a) => a.id === id || a.aliases?.includes(id));
    return target ? [[g.id, target.id]] : [];
  });
}

export type Compared = Pick<VerifiedDifference, 'request' | 'before' | 'after' | 'because'>;

/** Losses of the gateway as a whole are about the requests that they name; all others about the rule they stand at. */
const WHOLE: Record<string, (difference: Compared) => boolean> = {
  'engine.path-normalisation': ({ request: r }) => /%|\/\/|\/\.|\\/.test(r.path),
  'engine.tls-names': ({ request: r }) => r.scheme === 'https' && r.sni !== undefined && r.sni !== hostOf(r),
  'engine.own-endpoints': ({ request: r }) => /^\/(healthz|nginx_status)/.test(r.path),
  'engine.original-path': onlyOriginalHeaders,
  'tls.default-certificate': ({ request: r }) => r.scheme === 'https',
  'tls.without-routes': ({ request: r }) => r.scheme === 'https',
  'max-request-bytes': ({ request: r }) => r.body !== undefined,
};

/** Does the item tell of this difference? */
export function announces(item: ConversionItem, difference: Compared): boolean {
  const whole = WHOLE[item.feature];
  return whole ? whole(difference) : isAbout(item, difference.because.before);
}

/** The destination gets the same request, but for the headers in which Envoy keeps what it rewrote. */
function onlyOriginalHeaders({ before, after }: Compared): boolean {
  const bare = (r: Compared['before']) => ({
    ...r,
    flags: undefined,
    matched: undefined,
    route: undefined,
    upstream: r.upstream && {
      ...r.upstream,
      set: Object.entries(r.upstream.set ?? {}).filter(([name]) => !/^x-envoy-original-(path|host)$/.test(name)),
    },
  });
  return JSON.stringify(bare(before)) === JSON.stringify(bare(after));
}

/** The item stands at the rule, above it, or inside it. */
function isAbout(item: ConversionItem, place: MatchedOrigin | null): boolean {
  if (!place || place.resource !== formatResource(item.origin.resource)) return false;
  const path = formatPath(item.origin.path);
  return path.startsWith(place.path) || place.path.startsWith(path) || path.startsWith('metadata.annotations');
}

const hostOf = (r: GatewayRequest): string => r.host.replace(/:\d+$/, '').toLowerCase();
