// The books of a translation balance. Property: without a field that is called exact, something else is written; every rule is accounted
// for. A sample of the recorded cases; BOOKS_EVERY=1 takes every case and every field.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writerOf } from '../src/api/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import type { Source, Target } from '../src/convert/scope.js';
import { CannotRunError } from '../src/diagnostics/index.js';
import { recogniseDocument } from '../src/dialects/registry.js';
import { type FieldPath, formatPath, type Json, type Origin, type Resource, valueAt } from '../src/model/index.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { parseSource } from './convert/sources.js';

const OPTIONS = { defaultTlsSecret: { namespace: 'istio-system', name: 'default-cert' } };
const EVERY = Number(process.env.BOOKS_EVERY ?? 9);
const SHOW = Number(process.env.BOOKS_SHOW ?? 0);
/** Percent of the fields called exact without which the same is written. */
const MOST_UNCHANGED = 10;

const FOLDERS: readonly (readonly [folder: string, from: Source])[] = [
  ['ingress-nginx', 'ingress'],
  ['istio/ingress', 'ingress'],
  ['istio/gateway-api', 'gateway-api'],
  ['istio/match', 'istio'],
  ['istio/action', 'istio'],
  ['istio/hosts', 'istio'],
  ['istio/merge', 'istio'],
  ['istio/l4', 'istio'],
  ['kong/ingress', 'kong'],
  ['kong/plugins', 'kong'],
  ['kong/gateway-api', 'kong'],
  ['kong/rewrite', 'kong'],
  ['traefik/ingress', 'traefik'],
  ['traefik/ingressroute', 'traefik'],
  ['traefik/middleware', 'traefik'],
  ['traefik/tcp', 'traefik'],
  ['../kuma', 'kuma'],
  ['../convert/kuma-to-istio', 'kuma'],
  // Other files than dumps.
  ['../convert/envoy-to-istio', 'envoy'],
  ...['action', 'gateway-api', 'hosts', 'ingress', 'match', 'merge', 'policy'].map(
    (name): readonly [string, Source] => [`envoy/${name}`, 'envoy'],
  ),
];
const TARGETS: readonly Target[] = ['ingress', 'istio', 'gateway-api', 'envoy'];

/** Fields without which the same is written, rightly: what they say is said by another field, or by nothing else. */
const SAME_WITHOUT: readonly [field: RegExp, reason: string, value?: Json][] = [
  [
    /^Gateway spec\.selector\.istio$/,
    'the files have one workload, and a Gateway without a selector is read by every one',
  ],
  [/^Gateway spec\.gatewayClassName$/, 'required; without it the object is read as one of the class that is assumed'],
  [/^Gateway spec\.servers\[\]\.port\.protocol$/, 'required; TLS settings say the protocol too'],
  [/^Gateway spec\.servers\[\]\.tls\.mode$/, 'protocol TLS and routes by server name say PASSTHROUGH too'],
  [/^Gateway spec\.(servers\[\]\.hosts\[\]|listeners\[\]\.hostname)$/, 'the hosts of the routes are narrower'],
  [
    /^(VirtualService spec\.(hosts|gateways)|HTTPRoute spec\.hostnames)\[\]$/,
    'another object or listener has the same rules for the host',
  ],
  [/route\[\]\.destination\.port\.number$/, 'a destination without a port has the port of the gateway'],
  [/match\[\]\.port$/, 'the rule is for the only port that is open'],
  [
    /backend\.service\.(name|port\.number|port\.name)$|backendRefs\[\]\.(name|port|weight)$|defaultBackend\.service/,
    'a backend that does not exist is answered as none is',
  ],
  [
    /annotations.*(server-alias|permanent-redirect-code|default-backend|ssl-redirect)/,
    'the value is refused or the same as the default',
  ],
  [/http\.paths\[\]\.path(Type)?$/, 'another path of the host takes its requests, or matches the same'],
  [/match\[\]\.scheme\.exact$/, 'the rule is for the only listener with that scheme'],
  [/tls\[\]\.hosts\[\]$|ingressClassName$/, 'the rules have the same host, and a class that is assumed'],
  [/allowedRoutes/, 'routes of the same namespace'],
  // Of Kong.
  [/annotations\["konghq\.com\/strip-path"\]$/, 'a plugin of all its rules replaces the whole path', 'true'],
  [/^Ingress spec\.rules\[\]\.host$/, 'all rules of the object for the host are left out', 'api.example.com'],
  [/urlRewrite\.path\.type$/, 'required; without it the object is refused', 'ReplaceFullPath'],
  // Of Traefik.
  [/annotations\["kubernetes\.io\/ingress\.class"\]$/, 'Traefik takes an Ingress without a class, too', 'traefik'],
  [/annotations\["kubernetes\.io\/ingress\.class"\]$/, 'an empty class is none', ''],
  [/annotations.*router\.entrypoints"\]$/, 'both are the default entry points', 'web,websecure'],
  [/stripPrefix\.prefixes\[\]$/, 'no path of its rules begins with it, or a prefix before it is cut', '/api'],
  [/stripPrefix\.prefixes\[\]$/, 'its rule takes paths below /api only', '/foo'],
  [/stripPrefix\.prefixes\[\]$/, 'the path begins with /pre by then', '/2'],
  [/^Ingress spec\.tls\[\]\.secretName$/, 'another Ingress has a certificate for the host', 'cert-1'],
  // Of Kuma.
  [
    /^MeshGateway(Route)? (spec\.)?selectors\[\]\.match[.[]|^MeshHTTPRoute spec\.targetRef\.kind$/,
    'the files have one gateway, that what is left chooses too',
  ],
  [/conf\.listeners\[\]\.tls\.mode$/, 'required; without it TLS is passed on, or shows no certificate either'],
  // Of Envoy.
  [
    /match\.headers\[\]\.string_match\.exact$/,
    'of :scheme: the rule is for the only listener with that scheme',
    'http',
  ],
  [/percentage\.denominator$|default_value\.denominator$/, 'a numerator above it is all, in whatever parts', 'MILLION'],
  [/direct_response\.status$/, 'required; a rule without it is read as one with 200', 200],
  [/weighted_clusters\.clusters\[\]\.name$/, 'a cluster that is not there answers as none does', 'UnknownService'],
  [/token_bucket\.fill_interval$/, 'required; a bucket without it is read as one with a second', '1s'],
  [/lb_endpoints\[\].*port_value$/, 'another endpoint of the cluster has the same port'],
  [/route\.cluster$/, 'a rule without an action is left out, and the next one has the same match and destination'],
];

interface Pair {
  readonly from: Source;
  readonly to: Target;
  readonly flags: Readonly<Record<string, string>>;
}

const translate = (catalog: Catalog, { flags, ...pair }: Pair): Translation =>
  convert(catalog, pair, writerOf, { flags }, OPTIONS);
const outputOf = (catalog: Catalog, pair: Pair): string => {
  try {
    return JSON.stringify(translate(catalog, pair).objects);
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    return error.message;
  }
};

function without(value: Json, [key, ...rest]: FieldPath): Json {
  if (key === undefined || !value || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const at = Number(key);
    return rest.length === 0
      ? value.filter((_, i) => i !== at)
      : value.map((v, i) => (i === at ? without(v, rest) : v));
  }
  const { [key]: field, ...others } = value as Record<string, Json>;
  return rest.length === 0 || field === undefined ? others : { ...(value as object), [key]: without(field, rest) };
}

function withoutField(catalog: Catalog, resource: Resource, path: FieldPath): Catalog {
  const [top, , name] = path;
  const { [String(name)]: _, ...annotations } = resource.annotations;
  const object = without(resource.object, path) as Resource['object'];
  const shorter = { ...resource, object, annotations: top === 'metadata' ? annotations : resource.annotations };
  return catalogOf(catalog.all.map((r) => (r === resource ? shorter : r)));
}

/** `spec.http[].timeout` */
const kindOf = (resource: Resource, path: FieldPath): string =>
  `${resource.kind} ${formatPath(path).replace(/\[\d+\]/g, '[]')}`;

const isListed = ({ resource, path }: Origin): boolean =>
  SAME_WITHOUT.some(
    ([field, , value]) =>
      field.test(kindOf(resource, path)) && (value === undefined || value === valueAt(resource.object, path)),
  );

/** Where each case of a folder has its configuration. */
const fileOf = (folder: string): string => (folder.startsWith('envoy/') ? 'config_dump.json' : 'input.yaml');

/** The controller's own configuration, where a case has it. */
const flagsOf = (folder: string): Pair['flags'] => {
  const file = join(folder, 'static.yaml');
  return existsSync(file) ? { 'traefik-static': readFileSync(file, 'utf8') } : {};
};

for (const [folder, from] of FOLDERS)
  for (const to of from === 'envoy' || from === 'kuma' ? TARGETS.filter((t) => t !== 'ingress') : TARGETS)
    test(`${folder}: ${from} to ${to}`, () => {
      const root = join('fixtures/truth', folder);
      let exact = 0;
      let unchanged = 0;
      const kinds = new Map<string, number>();
      let unlisted = 0;
      const names = readdirSync(root);
      // Of a small folder at least three.
      const step = Math.min(EVERY, Math.ceil(names.length / 3));
      for (const [i, name] of names.entries()) {
        if (EVERY > 1 && i % step !== 0) continue;
        const file = join(root, name, fileOf(folder));
        const catalog = catalogOf(parseSource(file, readFileSync(file), undefined, recogniseDocument).resources);
        const pair = { from, to, flags: flagsOf(join(root, name)) };
        const { objects, items } = translate(catalog, pair);
        expect(
          items
            .filter((item) => item.key === 'rule.forgotten')
            .map((item) => `${name} ${formatPath(item.origin.path)}`),
        ).toEqual([]);
        const before = JSON.stringify(objects);
        const fields = items.filter((item) => item.severity === 'exact');
        for (const [n, { origin }] of fields.entries()) {
          if (EVERY > 1 && n % 3 !== i % 3) continue;
          exact++;
          if (outputOf(withoutField(catalog, origin.resource, origin.path), pair) !== before) continue;
          unchanged++;
          if (isListed(origin)) continue;
          unlisted++;
          const kind = kindOf(origin.resource, origin.path);
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
          if (SHOW > 0)
            console.log(`  ${kind} of ${file}: ${JSON.stringify(valueAt(origin.resource.object, origin.path))}`);
        }
      }
      const percent = (n: number) => (exact === 0 ? 0 : (100 * n) / exact);
      console.log(
        `${folder} ${from} → ${to}: ${exact} fields called exact; without ${unchanged} (${percent(unchanged).toFixed(1)} %) the same is written, ${unlisted} (${percent(unlisted).toFixed(1)} %) of them not listed with a reason`,
      );
      if (SHOW > 0)
        for (const [kind, n] of [...kinds].sort((a, b) => b[1] - a[1]).slice(0, SHOW)) console.log(`  ${n} ${kind}`);
      expect(percent(unlisted)).toBeLessThanOrEqual(MOST_UNCHANGED);
      if (EVERY > 1) expect([...kinds.keys()]).toEqual([]);
    }, 600_000);
