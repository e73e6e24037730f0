// How long the algebra takes, and how it grows. Run: `npm run bench -- diff`, which runs
// test/bench/diff.bench.ts.

import * as jsYaml from 'js-yaml';
import { readGateways } from '../../src/dialects/read.js';
import { diffConfigs } from '../../src/diff/index.js';
import type { EffectiveGateway } from '../../src/model/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { parseSource } from '../../src/sources/index.js';
import { reachability } from '../../src/space/index.js';
import { randomFrom } from '../space/small-gateways.js';

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ['*/*']
`;

/** `services` VirtualServices of `rules` rules each; host of each its own, or one for all. */
export function manyVirtualServices(services: number, rules: number, change?: number): string {
  const parts = [GATEWAY];
  for (let s = 0; s < services; s++) {
    const http = Array.from({ length: rules }, (_, r) => {
      const path = s * rules + r === change ? `/changed/${r}` : `/api/v1/${r}`;
      const match =
        r % 5 === 4
          ? `uri: {regex: '${path}/[a-z]+/[0-9]+'}`
          : r % 5 === 3
            ? `uri: {exact: '${path}'}`
            : `uri: {prefix: '${path}/'}${r % 5 === 2 ? `\n      headers: {x-user: {exact: u${r}}}` : ''}`;
      return `  - match:\n    - ${match}\n    route: [{destination: {host: svc${r % 7}.default.svc.cluster.local, port: {number: 80}}}]\n`;
    });
    parts.push(
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: vs${s}, namespace: default}\nspec:\n  hosts: [h${s}.example.com]\n  gateways: [gw]\n  http:\n${http.join('')}`,
    );
  }
  return parts.join('---\n');
}

/** One VirtualService with `n` rules in a seeded order: prefixes, exact paths and `regexes` of patterns. */
export function manyRoutes(n: number, change?: number): string {
  const r = randomFrom(n);
  const words = ['orders', 'users', 'cart', 'items', 'search', 'admin', 'static', 'health', 'pay', 'ship'];
  const word = () => words[r(words.length)]!;
  const rules: string[] = [];
  for (let i = 0; i < n; i++) {
    const base = `/${word()}/${word()}${r(n)}/${word()}`;
    const kind = r(10);
    const path = i === change ? `${base}changed` : base;
    const uri =
      kind < 4
        ? `prefix: '${path}'`
        : kind < 8
          ? `exact: '${path}/${r(1000)}'`
          : kind === 8
            ? `regex: '${path}/[0-9]+(/.*)?'`
            : `regex: '/(${word()}|${word()})/[a-z]+/v[0-9]+/${word()}${i}/.*'`;
    rules.push(
      `  - match: [{uri: {${uri}}}]\n    route: [{destination: {host: svc${i % 50}.default.svc.cluster.local, port: {number: 80}}}]\n`,
    );
  }
  return `${GATEWAY}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: big, namespace: default}\nspec:\n  hosts: [big.example.com]\n  gateways: [gw]\n  http:\n${rules.join('')}`;
}

export function gatewaysFrom(yaml: string): readonly EffectiveGateway[] {
  return readGateways(catalogOf(parseSource('bench.yaml', yaml).resources)).gateways;
}

export const timed = <T>(run: () => T): { readonly ms: number; readonly value: T } => {
  const start = performance.now();
  const value = run();
  return { ms: performance.now() - start, value };
};

export function parseTime(yaml: string): number {
  return timed(() => jsYaml.loadAll(yaml)).ms;
}

export interface Row {
  readonly what: string;
  readonly rules: number;
  readonly jsYamlMs: number;
  readonly readMs: number;
  readonly ms: number;
  readonly found: number;
}

export function diffRow(what: string, rules: number, before: string, after: string): Row {
  const jsYamlMs = parseTime(before);
  const { ms: readMs, value: sides } = timed(() => [gatewaysFrom(before), gatewaysFrom(after)] as const);
  const { ms, value: diff } = timed(() => diffConfigs(sides[0], sides[1]));
  return { what, rules, jsYamlMs, readMs, ms, found: diff.differences.length + diff.undecided.length };
}

export function reachRow(rules: number): Row {
  const yaml = manyRoutes(rules);
  const jsYamlMs = parseTime(yaml);
  const { ms: readMs, value: gateways } = timed(() => gatewaysFrom(yaml));
  const { ms, value } = timed(() => gateways.flatMap((g) => reachability(g)));
  return {
    what: 'reachability, one host',
    rules,
    jsYamlMs,
    readMs,
    ms,
    found: value.filter((r) => r.reach.status === 'undecided').length,
  };
}
