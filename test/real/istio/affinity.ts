// Session affinity: requests that a DestinationRule hashes reach one endpoint of two, all others both. What is hashed is what `serve`
// hashes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGateways } from '../../../src/dialects/read.js';
import type { GatewayRequest } from '../../../src/model/index.js';
import { readRequestFile } from '../../../src/requests/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { openOptions } from '../../../src/serve/hash-policy.js';
import { compile, decide } from '../../../src/simulate/index.js';
import { parseSource } from '../../../src/sources/index.js';
import { send } from '../client.js';
import { startEnvoy } from './envoy.js';
import type { Witnesses } from './interrogate.js';

const GATEWAY = 'istio=ingressgateway';
/** The endpoint of a request without a hash is drawn: all alike once in 2^23. */
const SENT = 24;

/** `affinity [folder]`: its input.yaml and the requests of its exchanges.json. */
export async function checkAffinity(
  { controlPlane, envoy, echo, pair }: Witnesses,
  [folder = 'fixtures/recorded/destination-rules']: readonly string[],
): Promise<boolean> {
  const yaml = readFileSync(join(folder, 'input.yaml'), 'utf8');
  const file = join(folder, 'exchanges.json');
  const { requests } = readRequestFile(file, readFileSync(file, 'utf8'));
  const { gateways, error } = await controlPlane.ask(yaml, [GATEWAY]);
  const generated = gateways?.[GATEWAY];
  if (error !== undefined || !generated) throw new Error(error ?? 'Istio generates nothing');
  const running = await startEnvoy(envoy, [generated], echo, pair);
  const isHashed = predictor(yaml);
  let [same, id] = [0, 0];
  try {
    for (const { request } of requests) {
      const reached = new Set<string>();
      for (let n = 0; n < SENT; n++) {
        const mark = `affinity-${id++}`;
        await send(running.addresses[0]!, request, { 'x-meshgw-test': mark });
        for (const { address } of echo.seen.get(mark) ?? []) reached.add(address);
      }
      const wanted = isHashed(request) ? 1 : 2;
      if (reached.size === wanted) same++;
      console.log(`${request.path}: ${reached.size} of 2 endpoints${reached.size === wanted ? '' : `, not ${wanted}`}`);
    }
  } finally {
    running.close();
  }
  console.log(`${same} of ${requests.length} as predicted`);
  return same === requests.length;
}

function predictor(yaml: string): (request: GatewayRequest) => boolean {
  const { gateways } = readGateways(catalogOf(parseSource('input.yaml', yaml).resources));
  const compiled = compile(gateways.find((g) => g.id === GATEWAY)!);
  return (request) => {
    const decision = decide(compiled, request);
    if (decision.kind !== 'forward' || decision.route.action.kind !== 'forward') return false;
    const { delivery } = decision.route.action;
    const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]) => [name.toLowerCase(), `${value}`]);
    if (delivery === undefined) return false;
    // A client that is given a cookie on each connection, and never shows it, goes wherever its value leads.
    const bare = { destination: decision.destination };
    return (
      openOptions(delivery, bare, { target: request.path }, { headers, arrival: { source: '127.0.0.1' } }).hash !==
      undefined
    );
  };
}
