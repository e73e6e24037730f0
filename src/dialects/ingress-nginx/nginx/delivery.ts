// How nginx sends requests on, and the limits whose state is not in the files: annotations/proxy, ratelimit,
// loadbalancing, upstreamhashby (kubernetes/ingress-nginx controller-v1.15.1).

import { type Condition, type Delivery, type Origin, put, table } from '../../../model/index.js';
import { parseAddresses } from '../annotations/addresses.js';
import type { Settings } from '../annotations/settings.js';
import { type AnnotationSpec, annotationTable } from '../annotations/table.js';
import { or } from '../annotations/values.js';

/** Rows whose values are only reported. */
const OTHER: readonly AnnotationSpec[] = annotationTable.filter(
  (spec) =>
    spec.verdict === 'delivery' && !spec.name.startsWith('auth-') && !/^proxy-(connect|read)-timeout$/.test(spec.name),
);

const SETTINGS = [...OTHER.map((spec) => spec.name), 'proxy-connect-timeout', 'proxy-read-timeout', 'proxy-body-size'];

const known = new WeakMap<Settings, { readonly delivery: Delivery | undefined }>();

/** What the annotations ask for; nginx's own defaults are not repeated on every path. One object for all paths of an Ingress. */
export function deliveryOf(settings: Settings): Delivery | undefined {
  const entry = known.get(settings) ?? { delivery: readDelivery(settings) };
  known.set(settings, entry);
  return entry.delivery;
}

/** nginx's timeouts are for one operation each; the nearest to an idle timeout is that between two reads. */
function readDelivery(settings: Settings): Delivery | undefined {
  const { annotations } = settings;
  const seconds = (name: string): number | undefined => {
    const value = annotations.int(name).value;
    return value === undefined ? undefined : value * 1000;
  };
  const connectTimeoutMs = seconds('proxy-connect-timeout');
  const idleTimeoutMs = seconds('proxy-read-timeout');
  const tries = annotations.int('proxy-next-upstream-tries').value;
  const on = annotations.text('proxy-next-upstream').value;
  const hash = hashOf(settings);
  const balance = hash ? undefined : BALANCE.get(annotations.text('load-balance').value ?? '');
  const tls = upstreamTls(settings);
  const other: Record<string, string> = {};
  for (const { name } of OTHER) {
    const value = annotations.text(name).value;
    if (value !== undefined) put(other, name, value);
  }
  const delivery: Delivery = {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    // No limit of tries (0) is in `other`.
    ...((tries === undefined && on === undefined) || tries === 0
      ? {}
      : {
          retries: {
            attempts: /\boff\b/.test(on ?? '') ? 0 : Math.max(0, (tries ?? 3) - 1),
            on: on ?? 'error timeout',
          },
        }),
    ...(annotations.has('proxy-body-size') && settings.maxBodyBytes > 0
      ? { maxRequestBytes: settings.maxBodyBytes }
      : {}),
    ...(hash ? { hash: [hash] } : {}),
    ...(balance ? { balance } : {}),
    ...(tls ? { tls } : {}),
    ...(Object.keys(other).length > 0 ? { other } : {}),
  };
  if (Object.keys(delivery).length === 0) return undefined;
  return { ...delivery, settings: detailsOf(settings, SETTINGS), settingsOf: 'ingress-nginx' };
}

/** `chash` needs a variable to hash, which upstream-hash-by names. */
const BALANCE = table<NonNullable<Delivery['balance']>>({
  round_robin: 'round-robin',
  ewma: 'least-request',
});

/** get_implementation in balancer.lua: a session cookie before a hash; a service-upstream has one endpoint, and nothing to choose. */
function hashOf(settings: Settings): NonNullable<Delivery['hash']>[number] | undefined {
  const { annotations } = settings;
  if (or(annotations.bool('service-upstream'), false)) return undefined;
  const text = (name: string, fallback: string): string => or(annotations.text(name), fallback);
  if (annotations.text('affinity').value === 'cookie') {
    // setCookie in sticky.lua: the path of the location unless one is named.
    const seconds = Number(text('session-cookie-max-age', text('session-cookie-expires', '0')));
    const sameSite = text('session-cookie-samesite', '');
    const domain = text('session-cookie-domain', '');
    const attributes = {
      ...(domain ? { Domain: domain } : {}),
      ...(sameSite ? { SameSite: sameSite } : {}),
      ...(or(annotations.bool('session-cookie-secure'), false) ? { Secure: '' } : {}),
    };
    return {
      by: 'cookie',
      name: text('session-cookie-name', 'INGRESSCOOKIE'),
      ttlMs: Math.max(0, seconds) * 1000,
      path: text('session-cookie-path', '/'),
      ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    };
  }
  return hashBy(text('upstream-hash-by', ''));
}

/** One variable of nginx as what Envoy can hash; a text of several cannot be expressed. */
function hashBy(variable: string): NonNullable<Delivery['hash']>[number] | undefined {
  const name = /^\$\{?(\w+)\}?$/.exec(variable)?.[1] ?? '';
  if (/^(binary_)?remote_addr$|^the_real_ip$/.test(name)) return { by: 'source-ip' };
  if (/^(request_)?uri$/.test(name)) return { by: 'header', name: ':path' };
  if (name === 'host' || name === 'http_host') return { by: 'header', name: ':authority' };
  const [, kind, rest = ''] = /^(http|arg|cookie)_(\w+)$/.exec(name) ?? [];
  if (kind === 'http') return { by: 'header', name: rest.replaceAll('_', '-') };
  if (kind === 'arg') return { by: 'query', name: rest };
  return kind === 'cookie' ? { by: 'cookie', name: rest } : undefined;
}

/** annotations/proxyssl: nothing of it counts without proxy-ssl-secret. */
function upstreamTls(settings: Settings): Delivery['tls'] | undefined {
  const { annotations } = settings;
  const secret = annotations.text('proxy-ssl-secret').value;
  if (secret === undefined || !/S$/.test(settings.backendProtocol)) return undefined;
  const [namespace = '', name = ''] = secret.includes('/')
    ? secret.split('/')
    : [annotations.resource.namespace, secret];
  const server = annotations.text('proxy-ssl-name').value;
  return {
    verify: annotations.text('proxy-ssl-verify').value === 'on',
    credential: { namespace, name },
    ...(server === undefined ? {} : { name: server }),
    sendName: annotations.text('proxy-ssl-server-name').value === 'on',
  };
}

const knownLimits = new WeakMap<Settings, readonly Condition[]>();

export function limitConditions(settings: Settings): readonly Condition[] {
  const conditions = knownLimits.get(settings) ?? readLimits(settings);
  knownLimits.set(settings, conditions);
  return conditions;
}

function readLimits(settings: Settings): readonly Condition[] {
  const { annotations } = settings;
  const conditions: Condition[] = [];
  const add = (name: string, kind: Condition['kind'], what: string, perMs?: number): void => {
    const limit = annotations.int(name).value ?? 0;
    if (limit > 0) {
      conditions.push({
        kind,
        summary: `${name} ${limit}: ${what}, else 503`,
        status: 503,
        ...(perMs === undefined ? {} : { rate: { requests: limit, perMs, ...allowance(settings, limit) } }),
        origin: annotations.origin(name),
        details: detailsOf(settings, [...(perMs === undefined ? [] : ['limit-burst-multiplier']), 'limit-allowlist']),
      });
    }
  };
  add(
    'limit-connections',
    'connection-limit',
    `at most ${annotations.int('limit-connections').value} connections of one client`,
  );
  add('limit-rps', 'rate-limit', 'requests of one client in a second', 1000);
  add('limit-rpm', 'rate-limit', 'requests of one client in a minute', 60_000);
  if (settings.customHttpErrors.length > 0 && !or(annotations.bool('disable-proxy-intercept-errors'), false)) {
    conditions.push({
      kind: 'backend-error',
      summary: `an answer with status ${settings.customHttpErrors.join(' or ')} is replaced by the default backend's`,
      origin: annotations.origin('custom-http-errors'),
      details: detailsOf(settings, ['default-backend']),
    });
  }
  return conditions;
}

/** Of those annotations that are there. */
export const detailsOf = (
  { annotations }: Settings,
  names: readonly string[],
): readonly { readonly name: string; readonly origin: Origin }[] =>
  names.filter((name) => annotations.has(name)).map((name) => ({ name, origin: annotations.origin(name) }));

/** `limit_req … burst=N nodelay`, and the addresses that no zone counts (buildRateLimit and buildRateLimitZones in template.go, ratelimit/main.go). */
function allowance({ annotations }: Settings, limit: number): { burst: number; except: readonly string[] } {
  const multiplier = annotations.int('limit-burst-multiplier').value ?? 5;
  const except = parseAddresses(annotations.text('limit-allowlist').value ?? '') ?? [];
  return { burst: Math.max(0, limit * multiplier), except };
}
