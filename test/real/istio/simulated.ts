// meshgw's answer to the same question, and where it is not the one of the real system.
import type { ReadOptions } from '../../../src/dialects/dialect.js';
import { readGateways } from '../../../src/dialects/read.js';
import type { GatewayRequest, SimulationResult } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { checkResult, type Difference, place } from '../../../src/requests/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import {
  asReceived,
  type CompiledGateway,
  compile,
  decide,
  jwtRulesFor,
  seededDraw,
  toResult,
} from '../../../src/simulate/index.js';
import { parseSource } from '../../../src/sources/index.js';
import { verifyTokens } from '../../../src/tokens/index.js';
import type { Question, Told } from './interrogate.js';
import { withSuppliedServices } from './supplied-services.js';

/** `instead`: what other draws give, where bytes are passed on. */
type Simulated = SimulationResult & { readonly drawn?: boolean; readonly instead?: readonly SimulationResult[] };
type Ask = (request: GatewayRequest) => Promise<Simulated>;

/** How often a request is repeated where a draw decides. */
const DRAWS = 30;
/** Requests of a case that are. */
const REPEATED = 3;

export function simulator(yaml: string, options: ReadOptions = {}): Ask {
  const { gateways } = readGateways(catalogOf(parseSource('input.yaml', yaml).resources), options);
  const ready = new Map<string, CompiledGateway>();
  return async (request) => {
    const id =
      request.gateway ?? (options.implementation === 'envoy-gateway' ? gateways[0]?.id : 'istio=ingressgateway');
    const gateway = gateways.find((g) => g.id === id || g.aliases?.includes(id ?? ''));
    if (!gateway) return { connection: 'refused' };
    const compiled = ready.get(gateway.id) ?? compile(gateway);
    ready.set(gateway.id, compiled);
    const rules = jwtRulesFor(compiled, request);
    const token =
      rules.length > 0 ? { token: await verifyTokens(rules, asReceived(compiled, request), Date.now()) } : {};
    const decision = decide(compiled, request, token);
    const action = 'route' in decision ? decision.route?.action : undefined;
    // Destinations that look alike may still differ in what is done to headers.
    const drawn = action?.kind === 'forward' && action.destinations.length > 1;
    const result = toResult(decision, request, { sessionCookies: true });
    // One of several destinations may not exist: closed is one of the draws, and says nothing of the others.
    const instead =
      result.l4 || result.connection === 'closed'
        ? Array.from({ length: DRAWS }, (_, n) =>
            toResult(decide(compiled, request, { ...token, draw: seededDraw(n) }), request, { sessionCookies: true }),
          )
        : [];
    return { ...result, drawn, instead };
  };
}

/** A question with the answers that meshgw gives, to be compared when the real ones are there. */
export interface Predicted extends Question {
  readonly results: readonly Simulated[];
  /** meshgw says that Envoy refuses routes of it. */
  readonly isRefused: boolean;
}

export async function predict(
  name: string,
  yaml: string,
  requests: readonly GatewayRequest[],
  options: ReadOptions = {},
): Promise<Predicted> {
  const simulate = simulator(yaml, options);
  const results: Simulated[] = [];
  for (const r of requests) results.push(await simulate(r));
  // Repetitions take long: some requests show whether the weights are right, the others whether the outcome can be.
  const repeated = new Set(results.flatMap((r, i) => (isDrawn(r) && !r.l4 ? [i] : [])).slice(0, REPEATED));
  return {
    name,
    yaml: withSuppliedServices(yaml, options),
    requests,
    results,
    draws: (i) => (repeated.has(i) ? DRAWS : 1),
    isRefused: readGateways(catalogOf(parseSource('input.yaml', yaml).resources), options).gateways.some((g) =>
      g.unsupported.some(({ detail }) => detail.includes('Envoy refuses the routes')),
    ),
  };
}

const isDrawn = (r: SimulationResult): boolean => (r.split ?? []).filter((s) => s.weight > 0).length > 1;

export interface Found {
  readonly index: number;
  readonly differences: readonly Difference[];
}

/** Every request whose simulated answer is not the real one. */
export function compare(predicted: Predicted, told: Pick<Told, 'results'>): Found[] {
  return told.results.flatMap((want, index) => {
    const got = predicted.results[index]!;
    const request = predicted.requests[index]!;
    if (got.instead?.some(({ split: _, ...r }) => checkResult(request, want, r, { strict: true }).length === 0))
      return [];
    const drawn = got.drawn && (want.split?.length ?? 1) < 2;
    const differences = drawn ? impossible(want, got) : checkResult(request, want, got, { strict: true });
    return differences.length > 0 ? [{ index, differences }] : [];
  });
}

/** One draw must be one of the possible outcomes. */
function impossible(want: ExpectedResult, got: SimulationResult): Difference[] {
  const outcome = want.destination ? place(want.destination) : `status ${want.status}`;
  const possible = (got.split ?? [got.destination ? { ...got.destination } : { status: got.status! }]).map((s) =>
    'host' in s ? place(s) : `status ${s.status}`,
  );
  return possible.includes(outcome) ? [] : [{ field: 'split', want: outcome, got: possible.join(' or ') }];
}

export function inWords(question: Predicted, { index, differences }: Found): string {
  const { name, requests } = question;
  const { body, ...request } = requests[index]!;
  const size = body === undefined ? '' : ` with ${body.length} bytes`;
  return `${name}#${index} ${JSON.stringify(request)}${size}${question.http2?.(index) ? ' over HTTP/2' : ''}: ${differences
    .map((d) => `${d.field}: real ${d.want}, simulated ${d.got}`)
    .join('; ')}`;
}
