// One configuration and some requests, asked of Traefik: for a look, and to record a fixture.
import { readFileSync, writeFileSync } from 'node:fs';
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { readRequestFile } from '../../../src/requests/index.js';
import { makePair, type Pair } from '../certificate.js';
import { type Echo, startEcho } from '../echo.js';
import { startKubeApi } from '../kube-api.js';
import { ask } from './answer.js';
import { clusterOf } from './cluster.js';
import { HELM_STATIC, startTraefik } from './process.js';

export interface Told {
  readonly results: readonly ExpectedResult[];
  /** `/api/rawdata`. */
  readonly rawData: Readonly<Record<string, unknown>>;
}

/** One file and its requests, asked of a Traefik of its own. */
export async function tell(
  yaml: string,
  requests: readonly GatewayRequest[],
  staticYaml: string = HELM_STATIC,
): Promise<Told> {
  const pair = await makePair();
  const echo = await startEcho(pair);
  try {
    return await tellWith({ pair, echo }, yaml, requests, staticYaml);
  } finally {
    echo.close();
  }
}

/** The same with an echo that others use too. @param place which of the processes that run at the same time */
export async function tellWith(
  { pair, echo }: { readonly pair: Pair; readonly echo: Echo },
  yaml: string,
  requests: readonly GatewayRequest[],
  staticYaml: string,
  place = 0,
): Promise<Told> {
  const cluster = clusterOf(yaml, echo.port, pair);
  const kubeApi = await startKubeApi(cluster.objects);
  try {
    const traefik = await startTraefik(kubeApi.url, staticYaml, place);
    try {
      const results: ExpectedResult[] = [];
      for (const request of requests)
        results.push(await ask({ traefik, serviceAt: cluster.serviceAt, echo, sticky: /sticky/.test(yaml) }, request));
      return { results, rawData: traefik.rawData };
    } finally {
      traefik.close();
    }
  } finally {
    kubeApi.close();
  }
}

/** `ask <config.yaml> <requests> [exchanges.json] [static.yaml]`: prints what Traefik says, routers that it disabled first. */
export async function askFile([config = '', requests = '', out, staticFile]: readonly string[]): Promise<boolean> {
  const cases = readRequestFile(requests, readFileSync(requests, 'utf8')).requests.map((c) => c.request);
  const { results, rawData } = await tell(
    readFileSync(config, 'utf8'),
    cases,
    staticFile === undefined ? undefined : readFileSync(staticFile, 'utf8'),
  );
  for (const line of disabled(rawData)) console.log(line);
  const exchanges = cases.map((request, i) => ({ request, response: results[i] }));
  for (const e of exchanges) console.log(JSON.stringify(e));
  if (out) writeFileSync(out, `${JSON.stringify(exchanges, null, 2)}\n`);
  return true;
}

/** Routers, services and middlewares that Traefik does not take, with its words. */
function disabled(rawData: Readonly<Record<string, unknown>>): string[] {
  const all = Object.values(rawData).flatMap((of) => Object.entries(of as Record<string, Part>));
  return all
    .filter(([, { status }]) => status !== undefined && status !== 'enabled')
    .map(([name, { status, error = [] }]) => `${name} is ${status}: ${error.join('; ')}`);
}

interface Part {
  readonly status?: string;
  readonly error?: readonly string[];
}
