// Unknowns are part of the meaning: what is added to a recorded configuration and not modelled is named by every answer that it can
// change, and never called equal. Every twelfth case; MESHGW_FULL=1 takes all.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diff, type LoadedConfig, load, simulate } from '../src/api/index.js';
import type { GatewayRequest } from '../src/model/index.js';
import { type Addition, ON_ISTIO, ON_NGINX, ON_ROUTES } from './unknowns/additions.js';

const EVERY = process.env.MESHGW_FULL ? 1 : 12;
const ISTIO = 'istio=ingressgateway';

function cases(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory());
  if (existsSync(join(folder, 'exchanges.json'))) return [folder];
  return below.flatMap((e) => cases(join(folder, e.name))).sort();
}

const every = (folder: string): string[] => cases(folder).filter((_, i) => i % EVERY === 0);

async function withAddition(folder: string, addition: Addition) {
  const text = readFileSync(join(folder, 'input.yaml'), 'utf8');
  const before = await load({ file: 'input.yaml', text });
  const changed = addition.add(text, before.sources.resources);
  if (changed === undefined) return undefined;
  return { before, after: await load({ file: 'input.yaml', text: changed }) };
}

const requestsOf = (folder: string): GatewayRequest[] =>
  (JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as { request: GatewayRequest }[]).map(
    ({ request }) => request,
  );

/** Who names no gateway means the one that was recorded; a controller of other Ingresses may be the only one with routes. */
function requestsTo({ gateways }: LoadedConfig, suite: string, folder: string): GatewayRequest[] {
  const usual = suite === 'Istio' && gateways.some((g) => g.id === ISTIO) ? { gateway: ISTIO } : {};
  return requestsOf(folder).map((request) => ({ ...usual, ...request }));
}

const unknowns = ({ unknown = [] }: { readonly unknown?: readonly unknown[] }): number => unknown.length;

const suites: readonly (readonly [string, readonly string[], readonly Addition[]])[] = [
  ['Istio', every('fixtures/truth/istio'), ON_ISTIO],
  ['Gateway API', every('fixtures/truth/istio/gateway-api'), ON_ROUTES],
  ['ingress-nginx', every('fixtures/truth/ingress-nginx'), ON_NGINX],
];

for (const [name, folders, additions] of suites)
  describe(name, () => {
    for (const addition of additions)
      test(`${addition.name}: simulate names it, diff is never equivalent`, async () => {
        let asked = 0;
        for (const folder of folders) {
          const config = await withAddition(folder, addition);
          if (!config) continue;
          const { before, after } = config;
          expect(diff(before, after).equivalent, folder).not.toBe(true);
          expect(diff(after, before).equivalent, folder).not.toBe(true);
          expect(diff(after, after).equivalent, `${folder}: the same on both sides`).toBe(true);
          const objects = addition.objects?.(after.sources.resources);
          for (const request of requestsTo(after, name, folder)) {
            const result = await simulate(after, request);
            const plain = await simulate(before, request);
            if (objects !== undefined && !objects.includes(result.matched?.resource ?? '')) continue;
            expect(unknowns(result), `${folder} ${JSON.stringify(request)}`).toBeGreaterThan(unknowns(plain));
            asked++;
          }
        }
        expect(asked).toBeGreaterThan(0);
        if (process.env.MESHGW_FULL)
          console.log(`${name}, ${addition.name}: ${folders.length} cases, ${asked} answers`);
      }, 3_600_000);
  });
