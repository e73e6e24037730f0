import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { itemOf } from '../src/convert/item.js';
import { toYaml } from '../src/convert/to-yaml.js';
import { read } from '../src/dialects/gateway-api/read.js';
import { placeOf } from '../src/dialects/gateway-api/write/gateway-place.js';
import { write } from '../src/dialects/gateway-api/write.js';
import { readGateways } from '../src/dialects/read.js';
import { crdProblems } from '../src/lint/cel.js';
import {
  type EffectiveGateway,
  type GatewayRequest,
  hostPlaces,
  type Route,
  routesOf,
  type SimulationResult,
} from '../src/model/index.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { compile, decide, seededDraw, toResult } from '../src/simulate/index.js';
import { loadSources, parseSource } from '../src/sources/index.js';
import { validateResource } from '../src/sources/schema/validate.js';

const FOLDER = 'fixtures/truth/istio/gateway-api';
const GROUP = 'gateway.networking.k8s.io';
const REQUESTS = 300;

const load = async (path: string): Promise<Catalog> => {
  const { resources } = await loadSources([path], { cwd: process.cwd(), readStdin: async () => '' });
  return catalogOf(resources);
};

/** The objects that stay, and what was written in the place of the others. */
function rewritten(catalog: Catalog, objects: readonly object[]): Catalog {
  const yaml = toYaml(objects, new Map(), () => ({ file: '', line: 0 }));
  const { resources, diagnostics } = parseSource('written.yaml', yaml);
  expect(diagnostics).toEqual([]);
  // What the API server would refuse: schema, CEL rules, duplicates in lists that are maps.
  expect(resources.flatMap((r) => [...validateResource(r), ...crdProblems(r)])).toEqual([]);
  return catalogOf([...catalog.all.filter((r) => r.group !== GROUP), ...resources]);
}

/** Values that the gateway's predicates ask for, and some that they do not. */
function vocabulary(gateway: EffectiveGateway) {
  const hosts = new Set(['other.test']);
  const paths = new Set(['/', '/x', '/api/v1/users/7', '/foo/bar', '/status/204', '/items/12', '/a/admin']);
  const headers = new Map<string, Set<string>>();
  const query = new Map<string, Set<string>>();
  const note = (map: Map<string, Set<string>>, name: string, value: string) =>
    map.set(name, (map.get(name) ?? new Set(['zz'])).add(value));
  const text = (v: Route['match']['path']) =>
    v === undefined || v.kind === 'any' ? '' : v.kind === 'regex' ? 'prod' : v.value;
  for (const { virtualHost } of hostPlaces(gateway))
    for (const d of virtualHost.domains)
      hosts.add(d.kind === 'any' ? 'any.test' : d.kind === 'exact' ? d.value : `w${d.value}`);
  for (const { match } of routesOf(gateway)) {
    if (match.path && match.path.kind !== 'regex' && match.path.kind !== 'any')
      for (const tail of ['', '/', '/sub', 'tail']) paths.add(match.path.value.replace(/\/$/, '') + tail || '/');
    for (const h of match.headers) note(headers, h.name, text(h.value));
    for (const q of match.query) note(query, q.name, text(q.value));
  }
  return { hosts: [...hosts], paths: [...paths], headers, query };
}

function* generated(gateway: EffectiveGateway): Generator<GatewayRequest> {
  const words = vocabulary(gateway);
  const draw = seededDraw(7);
  const pick = <T>(list: readonly T[]): T => list[Math.min(list.length - 1, Math.floor(draw(list.length)))] as T;
  for (let i = 0; i < REQUESTS; i++) {
    const listener = pick(gateway.listeners);
    const tls = listener.filterChains.some((c) => c.tls);
    const parameters = [...words.query]
      .filter(() => pick([0, 1]) === 1)
      .map(([name, values]) => `${name}=${pick([...values])}`);
    const headers = [...words.headers]
      .filter(([name]) => !name.startsWith(':') && pick([0, 1, 1]) === 1)
      .map(([name, values]) => [name, pick([...values])] as const);
    yield {
      port: listener.port,
      scheme: tls ? 'https' : 'http',
      method: pick(['GET', 'GET', 'POST', 'PUT']),
      host: pick(words.hosts),
      path: pick(words.paths) + (parameters.length > 0 ? `?${parameters.join('&')}` : ''),
      headers: Object.fromEntries(headers),
    };
  }
}

/** Everything that a client and a destination see; names of routes and places differ. */
const visible = ({ route: _r, matched: _m, reason: _w, flags: _f, ...seen }: SimulationResult) => seen;

const recordedRequests = (folder: string): GatewayRequest[] =>
  (JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[]).map(
    (e) => e.request,
  );

/** `expected`: the answer that is wanted in the place of one of `before`. */
function expectSameAnswers(
  before: EffectiveGateway,
  after: EffectiveGateway | undefined,
  requests: readonly GatewayRequest[],
  expected: (answer: unknown) => unknown = plainly,
): void {
  if (after === undefined) throw new Error(`${before.id} is not written`);
  const [old, made] = [compile(before), compile(after)];
  for (const request of requests) {
    const answer = (g: typeof old) => visible(toResult(decide(g, request, { draw: seededDraw(1) }), request));
    const [want, got] = [expected(answer(old)), plainly(answer(made))];
    if (!isDeepStrictEqual(got, want)) expect({ request, answer: got }).toEqual({ request, answer: want });
  }
}

/** Without fields that are undefined. */
const plainly = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer));

describe('read → write → read keeps decisions', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    test(name, async () => {
      const catalog = await load(join(FOLDER, name, 'input.yaml'));
      const before = read(catalog, {}).gateways;
      const { objects, items } = write(before, catalog, {});
      expect(items.map(itemOf).filter((i) => i.severity === 'refused')).toEqual([]);
      const after = read(rewritten(catalog, objects), {}).gateways;
      expect(after.map((g) => g.id)).toEqual(before.map((g) => g.id));
      const recorded = recordedRequests(join(FOLDER, name));
      for (const [i, gateway] of before.entries())
        expectSameAnswers(gateway, after[i], [...recorded, ...generated(gateway)]);
      // Written again it stays the same.
      expect(write(after, catalog, {}).objects).toEqual(objects);
    });
  }
});

/** Differences that an item of this kind announces. */
const ANNOUNCED =
  /^(approximate (tls\.other-hosts|redirect\.|rewrite\.path|match\.path|cors\.|host\.wildcard|engine\.)|refused )/;

/** A backend that is not there: 503 in Istio's own routes, 500 in those of the Gateway API (item destination.missing). */
const asGatewayApi = (answer: unknown) => JSON.parse(JSON.stringify(answer).replaceAll('"status":503', '"status":500'));

describe('other dialects, written as Gateway API, keep the recorded decisions or say what is lost', () => {
  for (const area of ['istio/match', 'istio/hosts', 'istio/merge', 'istio/l4', 'istio/ingress']) {
    for (const name of readdirSync(join('fixtures/truth', area)).sort()) {
      test(`${area}/${name}`, async () => {
        const folder = join('fixtures/truth', area, name);
        const catalog = await load(join(folder, 'input.yaml'));
        const before = readGateways(catalog, {}).gateways.filter((g) => g.dialect === 'istio');
        const { objects, items: found } = write(before, catalog, {});
        const items = found.map(itemOf);
        for (const { severity, feature, message, origin } of items) {
          expect([severity, feature, message].every((text) => text.length > 0)).toBe(true);
          expect(origin.resource.name).toBeTruthy();
        }
        if (items.some((i) => ANNOUNCED.test(`${i.severity} ${i.feature}`))) return;
        const after = read(rewritten(catalog, objects), {}).gateways;
        const recorded = recordedRequests(folder);
        for (const gateway of before) {
          const place = placeOf(gateway);
          const again = after.find((g) => g.id === `${place.namespace}/${place.name}`);
          const requests = recorded.filter((r) => (r.gateway ?? before[0]?.id) === gateway.id);
          if (requests.length > 0 && gateway.listeners.length > 0)
            expectSameAnswers(gateway, again, requests, asGatewayApi);
        }
      });
    }
  }
});
