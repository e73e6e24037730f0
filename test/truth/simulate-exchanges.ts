// Simulates one recorded case, as the command line does: read the YAML, choose the gateway, decide, compare strictly.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import type { EffectiveGateway, GatewayRequest } from '../../src/model/index.js';
import type { ExpectedResult } from '../../src/requests/expectation.js';
import { checkResult, type Difference } from '../../src/requests/index.js';
import { type Catalog, catalogOf } from '../../src/resources/catalog.js';
import { type CompiledGateway, compile, decide, jwtRulesFor, toResult } from '../../src/simulate/index.js';
import { parseSource } from '../../src/sources/index.js';
import { verifyTokens } from '../../src/tokens/index.js';
import { type Recording, recordingsOf } from './recordings.js';

export interface ExchangeOutcome {
  readonly index: number;
  /** Of a system that was recorded in several. */
  readonly variant?: string;
  readonly differences: readonly Difference[];
  readonly report: string;
}

interface Exchange {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

/** `change`: the gateway that is asked in place of the one that the files define. */
export async function simulateExchanges(
  folder: string,
  change: (gateway: EffectiveGateway, catalog: Catalog) => EffectiveGateway = (gateway) => gateway,
): Promise<ExchangeOutcome[]> {
  const input = ['input.yaml', 'config_dump.json'].map((name) => join(folder, name)).find(existsSync)!;
  const sources = parseSource(input, readFileSync(input), undefined, recogniseDocument);
  const outcomes: ExchangeOutcome[] = [];
  for (const recording of recordingsOf(folder)) {
    const catalog = catalogOf(sources.resources);
    const { gateways } = readGateways(catalog, { flags: recording.flags });
    const exchanges = JSON.parse(readFileSync(recording.exchanges, 'utf8')) as readonly Exchange[];
    for (const found of await simulateRecording(gateways, exchanges, recording, {
      folder,
      change: (g) => change(g, catalog),
    }))
      outcomes.push(found);
  }
  return outcomes;
}

async function simulateRecording(
  gateways: readonly EffectiveGateway[],
  exchanges: readonly Exchange[],
  recording: Recording,
  { folder, change }: { readonly folder: string; readonly change: (gateway: EffectiveGateway) => EffectiveGateway },
): Promise<ExchangeOutcome[]> {
  const byId = new Map<string, CompiledGateway>();
  const compiled = (gateway: EffectiveGateway): CompiledGateway => {
    const known = byId.get(gateway.id) ?? compile(change(gateway));
    byId.set(gateway.id, known);
    return known;
  };
  const simulate = async ({ request: recorded, response }: Exchange, index: number): Promise<ExchangeOutcome> => {
    const request = { ...recorded, ...recording.request };
    const gateway = chooseGateway(gateways, request.gateway, recording.gateway ?? usualGateway(folder));
    if (!gateway)
      return outcome(
        index,
        request,
        response,
        [{ field: 'gateway', want: request.gateway ?? 'default', got: gateways.map((g) => g.id).join() || 'none' }],
        {},
      );
    const ready = compiled(gateway);
    const rules = jwtRulesFor(ready, request);
    const context = rules.length > 0 ? { token: await verifyTokens(rules, request, RECORDED_AT) } : {};
    const got = toResult(decide(ready, request, context), request, { sessionCookies: true });
    return outcome(index, request, response, checkResult(request, response, got, { strict: true }), got);
  };
  const outcomes: ExchangeOutcome[] = [];
  const { variant } = recording;
  for (const [index, exchange] of exchanges.entries())
    outcomes.push({ ...(await simulate(exchange, index)), ...(variant === undefined ? {} : { variant }) });
  return outcomes;
}

/** Tokens of the recordings are valid from 2023 to 2100 or expired in 2023 (fixtures/truth/README.md). */
const RECORDED_AT = Date.UTC(2026, 7, 22);

function outcome(
  index: number,
  request: GatewayRequest,
  want: unknown,
  differences: readonly Difference[],
  got: unknown,
): ExchangeOutcome {
  const lines = differences.map((d) => `  ${d.field}: want ${d.want}, got ${d.got}`);
  return {
    index,
    differences,
    report: `${lines.join('\n')}\n  request ${JSON.stringify(request)}\n  want ${JSON.stringify(want)}\n  got ${JSON.stringify(got)}`,
  };
}

const usualGateway = (folder: string): string =>
  folder.includes('ingress-nginx') ? 'ingress-nginx' : 'istio=ingressgateway';

/** Contract, "meshgw simulate": `istio=ingressgateway` where Istio's objects are there, else the only gateway. */
function chooseGateway(
  gateways: readonly EffectiveGateway[],
  id: string | undefined,
  usual: string,
): EffectiveGateway | undefined {
  if (id !== undefined) return gateways.find((g) => g.id === id || g.aliases?.includes(id));
  if (gateways.length === 1) return gateways[0];
  return gateways.find((g) => g.id === usual || g.aliases?.includes(usual));
}
