import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Implementation } from '../src/dialects/gateway-api/implementations/implementation.js';
import { istio } from '../src/dialects/gateway-api/implementations/istio.js';
import { standard } from '../src/dialects/gateway-api/implementations/standard.js';
import { SPEC_DIFFERENCES, specDifferences } from '../src/dialects/gateway-api/index.js';
import { shortKind } from '../src/dialects/gateway-api/kinds.js';
import { read } from '../src/dialects/gateway-api/read.js';
import { computeStatus } from '../src/dialects/gateway-api/status/index.js';
import {
  formatResource,
  type GatewayRequest,
  type SimulationResult,
  type StatusCondition,
} from '../src/model/index.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { compile, decide, seededDraw, toResult } from '../src/simulate/index.js';
import { loadSources, parseSource } from '../src/sources/index.js';

const FOLDER = 'fixtures/gateway-api';

/** `spec`: what the specification says; `istio`: where Istio differs. */
interface Expectation {
  readonly request: Partial<GatewayRequest>;
  readonly spec: string;
  readonly istio?: string;
}

const service = (host: string) => host.split('.')[0];

/** One line: `backend /path`, `404`, `302 location`, `tls backend`, `closed`, or the split. */
function summary(result: SimulationResult): string {
  if (result.connection) return result.connection;
  if (result.split && result.split.length > 1) {
    return result.split
      .map((o) => `${o.weight} ${'host' in o ? service(o.host) : o.status}`)
      .sort()
      .reverse()
      .join(', ');
  }
  const to = result.destination ? service(result.destination.host) : undefined;
  if (result.l4) return `${result.l4} ${to}`;
  if (to) return `${to} ${result.upstream?.path}`;
  const location = result.headers?.location;
  return location ? `${result.status} ${location}` : `${result.status}`;
}

/** One line per condition. */
function statusLines(catalog: Catalog): string {
  const line = ({ type, status, reason, message }: StatusCondition) => `  ${type}=${status} ${reason}: ${message}`;
  const lines = computeStatus({ catalog }, istio).flatMap(
    ({ resource, conditions = [], listeners = [], parents = [], ancestors = [] }) => [
      ...(conditions.length > 0 ? [formatResource(resource), ...conditions.map(line)] : []),
      ...listeners.flatMap((l) => [
        `${formatResource(resource)} ${l.name}: ${l.attachedRoutes} of ${l.supportedKinds.map(shortKind).join(', ') || 'nothing'}`,
        ...l.conditions.map(line),
      ]),
      ...[...parents, ...ancestors].flatMap(
        ({ namespace, name, reference: { sectionName, port }, conditions: own }) => [
          `${formatResource(resource)} → ${namespace}/${name}${sectionName ? ` ${sectionName}` : ''}${port ? ` ${port}` : ''}`,
          ...own.map(line),
        ],
      ),
    ],
  );
  return `${lines.join('\n')}\n`;
}

test('a certificate that no ReferenceGrant permits is no matter of the CA by the standard', () => {
  const gateway = (tls: string, listener: string) =>
    `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw, namespace: default}, spec: {gatewayClassName: istio, ${tls}listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [${listener}]}}]}}`;
  const reason = (text: string, implementation: Implementation) =>
    computeStatus({ catalog: catalogOf(parseSource('input.yaml', text).resources) }, implementation)
      .flatMap(({ listeners = [] }) => listeners)
      .map(({ conditions }) => conditions.find(({ type }) => type === 'Accepted')?.reason);
  const certificate = gateway('', '{name: cert, namespace: other}');
  expect(reason(certificate, istio)).toEqual(['NoValidCACertificate']);
  expect(reason(certificate, standard)).toEqual(['Accepted']);
  const validation = 'validation: {caCertificateRefs: [{group: "", kind: ConfigMap, name: ca, namespace: other}]}';
  const authority = gateway(`tls: {frontend: {default: {${validation}}}}, `, '{name: cert}');
  expect(reason(authority, istio)).toEqual(['NoValidCACertificate']);
  expect(reason(authority, standard)).toEqual(['NoValidCACertificate']);
});

describe('examples of the Gateway API specification', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    test(name, async () => {
      const folder = join(FOLDER, name);
      const sources = await loadSources([join(folder, 'input.yaml')], {
        cwd: process.cwd(),
        readStdin: async () => '',
      });
      expect(sources.diagnostics).toEqual([]);
      const catalog = catalogOf(sources.resources);
      const wanted = parse(readFileSync(join(folder, 'requests.yaml'), 'utf8')) as Expectation[];
      const requests = wanted.map(({ request }) => ({
        ...{ port: 80, scheme: 'http' as const, method: 'GET', host: 'example.com', path: '/' },
        ...request,
      }));
      const answers = (implementation: 'istio' | 'standard') => {
        const { gateways } = read(catalog, { implementation });
        const gateway = gateways[0];
        if (gateway === undefined) throw new Error(`${folder} has no gateway`);
        const compiled = compile(gateway);
        return requests.map((request) => toResult(decide(compiled, request, { draw: seededDraw(1) }), request));
      };
      const spec = answers('standard');
      const istio = answers('istio');
      expect(spec.map(summary)).toEqual(wanted.map((w) => w.spec));
      expect(istio.map(summary)).toEqual(wanted.map((w) => w.istio ?? w.spec));
      // Lint can tell of a difference wherever a request shows one.
      const differences = specDifferences(catalog);
      expect(differences.length > 0 || wanted.every((w) => w.istio === undefined)).toBe(true);
      for (const { feature } of differences) expect(SPEC_DIFFERENCES.map((d) => d.feature)).toContain(feature);
      await expect(statusLines(catalog)).toMatchFileSnapshot(join('..', folder, 'status.txt'));
      // Reasons are words for people, and not of this dialect.
      const answer = (r: SimulationResult | undefined) => ({ ...r, reason: undefined });
      const rows = requests.map((request, i) => ({ request, spec: answer(spec[i]), istio: answer(istio[i]) }));
      await expect(stringify(rows, { aliasDuplicateObjects: false, lineWidth: 0 })).toMatchFileSnapshot(
        join('..', folder, 'expected.yaml'),
      );
    });
  }
});
