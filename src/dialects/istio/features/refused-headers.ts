// Header values that Istio takes and Envoy refuses, with the routes of the whole port: what the gateway then answers is what it answered
// before, or nothing. No answer of that port is certain.

import { operatorProblem } from '../../../implementations/istio/envoy-operators.js';
import { type Json, type JsonObject, type Origin, own, type Unsupported } from '../../../model/index.js';
import { at, type Field, objectOf, stringMapOf } from '../../../resources/fields.js';
import type { HttpRule, VirtualServiceConfig } from '../config.js';
import type { VirtualServicesFor } from './visibility.js';
import type { Workload } from './workloads.js';

export function refusedHeaders(workload: Workload, virtualServicesFor: VirtualServicesFor): Unsupported[] {
  const portsOf = new Map<Unsupported, Set<number>>();
  for (const { gateway, port, podPort = port } of workload.gateways.flatMap((g) => g.servers))
    for (const problem of virtualServicesFor(gateway).flatMap(problemsOf)) {
      const ports = portsOf.get(problem) ?? new Set();
      portsOf.set(problem, ports.add(port).add(podPort));
    }
  return [...portsOf].map(([problem, ports]) => ({ ...problem, reach: { ports: [...ports] } }));
}

const known = new WeakMap<VirtualServiceConfig, readonly Unsupported[]>();

function problemsOf(vs: VirtualServiceConfig): readonly Unsupported[] {
  const before = known.get(vs);
  if (before) return before;
  // One is enough for all that it reaches; lint names each.
  const problems = vs.http.flatMap((rule) => headersOf(rule).flatMap(refusals)).slice(0, 1);
  known.set(vs, problems);
  return problems;
}

const headersOf = (rule: HttpRule): (Field<JsonObject> | undefined)[] => [
  headersOfRule(rule),
  ...rule.route.map((r) => r.headers),
];

function headersOfRule({ fields }: HttpRule): Field<JsonObject> | undefined {
  const value = objectOf(fields.headers?.value);
  return fields.headers && value ? { ...fields.headers, value } : undefined;
}

const operations = (headers: JsonObject, side: string, op: string): Json | undefined =>
  own(objectOf(own(headers, side)) ?? {}, op);

function refusals(headers: Field<JsonObject> | undefined): Unsupported[] {
  if (!headers) return [];
  return ['request', 'response'].flatMap((side) =>
    ['set', 'add'].flatMap((op) =>
      Object.entries(stringMapOf(operations(headers.value, side, op))).flatMap(([name, value]) => {
        const problem = operatorProblem(value);
        return problem === undefined ? [] : [refusal(problem, at(headers.origin, side, op, name))];
      }),
    ),
  );
}

const refusal = (problem: string, origin: Origin): Unsupported => ({
  feature: 'virtualservice.http.headers.operator',
  detail: `${problem}: Envoy refuses the routes of the whole port, which keep their last good state; a restarted gateway serves none.`,
  effect: 'routing',
  origin,
});
