// Every route of every recorded config: reached by a request that the simulator confirms, or proven unreachable; and
// no recorded request reaches a route that is said to be unreachable.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import type { EffectiveGateway, GatewayRequest, Route } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, decide } from '../src/simulate/index.js';
import { parseSource } from '../src/sources/index.js';
import { reachability, type Witness } from '../src/space/index.js';
import { truthCases } from './space/truth-cases.js';

const root = join(import.meta.dirname, '../fixtures/truth');

function gatewaysOf(path: string): readonly EffectiveGateway[] {
  const file = join(path, 'input.yaml');
  const { resources } = parseSource(file, readFileSync(file, 'utf8'));
  return readGateways(catalogOf(resources)).gateways;
}

for (const area of ['istio', 'ingress-nginx'])
  test(`${area}: every rule is reached by a confirmed witness or proven unreachable`, { timeout: 300_000 }, () => {
    const counts = { reached: 0, unreachable: 0, undecided: 0 };
    const undecided: string[] = [];
    const contradicted: string[] = [];
    for (const path of truthCases(join(root, area))) {
      const name = path.slice(root.length + 1);
      const unreachable = new Map<Route, string>();
      const simulators = gatewaysOf(path).map((gateway) => {
        const compiled = compile(gateway);
        const confirm = ({ request, claims }: Witness): Route | undefined => {
          const decision = decide(compiled, request, claims ? { token: { claims } } : {});
          return 'route' in decision ? decision.route : undefined;
        };
        for (const { reach, route, virtualHost, index } of reachability(gateway, { confirm })) {
          counts[reach.status]++;
          if (reach.status === 'undecided') undecided.push(`${name} ${virtualHost.name} #${index}: ${reach.reason}`);
          if (reach.status === 'unreachable') {
            if (!unreachable.has(route))
              unreachable.set(route, `${name} ${virtualHost.name} #${index} (${reach.because})`);
          } else unreachable.set(route, '');
        }
        return { gateway, compiled };
      });
      const exchanges = JSON.parse(readFileSync(join(path, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[];
      for (const [i, { request }] of exchanges.entries())
        for (const { gateway, compiled } of simulators) {
          if (
            request.gateway !== undefined &&
            request.gateway !== gateway.id &&
            !gateway.aliases?.includes(request.gateway)
          )
            continue;
          const decision = decide(compiled, request);
          const said = 'route' in decision && decision.route ? unreachable.get(decision.route) : undefined;
          if (said) contradicted.push(`${name}#${i}: ${said}`);
        }
    }
    const total = counts.reached + counts.unreachable + counts.undecided;
    if (process.env.TRUTH_VERBOSE)
      process.stderr.write(`${area}: ${JSON.stringify(counts)}\n${undecided.slice(0, 20).join('\n')}\n`);
    expect(contradicted).toEqual([]);
    expect(undecided.length / Math.max(total, 1), undecided.slice(0, 10).join('\n')).toBeLessThan(0.005);
    expect(counts.reached).toBeGreaterThan(0);
  });
