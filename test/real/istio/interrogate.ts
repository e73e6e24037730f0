// Many cases asked of the real system: Istio's control plane says what the gateway gets, Envoy runs it, the answers are kept.
import type { GatewayRequest } from '../../../src/model/index.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import type { Pair } from '../certificate.js';
import { send } from '../client.js';
import { sendHttp2 } from '../client-http2.js';
import type { Echo } from '../echo.js';
import { EnvoyRefused } from '../run-envoy.js';
import { ask } from './answer.js';
import type { Answer, ControlPlane, Generated, Verdict } from './control-plane.js';
import { startEnvoy } from './envoy.js';

export interface Question {
  readonly name: string;
  readonly yaml: string;
  /** Without `gateway`, a request goes to istio=ingressgateway. */
  readonly requests: readonly GatewayRequest[];
  /** How often request `i` is repeated; above 1 where weights decide. */
  draws(i: number): number;
  /** Request `i` is sent over HTTP/2; absent: none is. */
  http2?(i: number): boolean;
}

export interface Told {
  readonly question: Question;
  /** Why nothing was asked: Istio or Envoy does not take the case. */
  readonly failed?: string;
  readonly rejected: readonly Verdict[];
  readonly warnings: readonly Verdict[];
  readonly results: readonly ExpectedResult[];
}

export interface Witnesses {
  readonly controlPlane: ControlPlane;
  readonly envoy: string;
  readonly echo: Echo;
  /** Of gateways and destinations; clients that show it are trusted. */
  readonly pair: Pair;
  /** Of clients that are not. */
  readonly strangers: Pair;
}

const DEFAULT_GATEWAY = 'istio=ingressgateway';
const gatewayOf = (r: GatewayRequest) => r.gateway ?? DEFAULT_GATEWAY;
/** Cases in one Envoy; requests in flight at once. */
const BATCH = 40;
const AT_ONCE = 8;

/** Asks everything; `each` is called as soon as a case is done. */
export async function interrogate(
  questions: readonly Question[],
  witnesses: Witnesses,
  each: (told: Told) => void,
): Promise<void> {
  for (let at = 0; at < questions.length; at += BATCH) {
    const batch = questions.slice(at, at + BATCH);
    const generated = await Promise.all(
      batch.map(async (question) => ({
        question,
        answer: await patiently(() =>
          witnesses.controlPlane.ask(question.yaml, [...new Set(question.requests.map(gatewayOf))]),
        ),
      })),
    );
    await inEnvoy(generated, witnesses, each);
  }
}

/** The fake cluster rarely stands still at its start, and on a busy machine a gateway may have nothing yet: once more. */
async function patiently(once: () => Promise<Answer>): Promise<Answer> {
  const answer = await once();
  const isBare = Object.values(answer.gateways ?? {}).some(({ listeners }) => (listeners ?? []).length === 0);
  return isBare || answer.error?.includes('UntilOrFail') ? once() : answer;
}

interface Prepared {
  readonly question: Question;
  readonly answer: Answer;
}

/** One bad listener refuses the whole bootstrap: halves are tried until the case is alone. */
async function inEnvoy(cases: readonly Prepared[], witnesses: Witnesses, each: (told: Told) => void): Promise<void> {
  const flat: { readonly of: Prepared; readonly id: string; readonly generated: Generated }[] = [];
  for (const prepared of cases)
    for (const [id, g] of Object.entries(prepared.answer.gateways ?? {}))
      flat.push({
        of: prepared,
        id,
        generated: {
          ...{ listeners: g.listeners ?? [], routes: g.routes ?? [], clusters: g.clusters ?? [], ruled: g.ruled ?? [] },
        },
      });
  let running: Awaited<ReturnType<typeof startEnvoy>>;
  try {
    running = await startEnvoy(
      witnesses.envoy,
      flat.map((f) => f.generated),
      witnesses.echo,
      witnesses.pair,
    );
  } catch (e) {
    if (!(e instanceof EnvoyRefused)) throw e;
    if (cases.length === 1) {
      const fewer = withoutRefused(cases[0]!, e.message);
      if (fewer) await inEnvoy([fewer], witnesses, each);
      else each(told(cases[0]!, [], `Envoy: ${e.message.trim().slice(-600)}`));
    } else {
      const half = Math.ceil(cases.length / 2);
      await inEnvoy(cases.slice(0, half), witnesses, each);
      await inEnvoy(cases.slice(half), witnesses, each);
    }
    return;
  }
  const shown = ({ certificate, key }: Pair) => ({ cert: certificate, key });
  const certificates = { good: shown(witnesses.pair), untrusted: shown(witnesses.strangers), none: {} };
  try {
    for (const prepared of cases) {
      if (prepared.answer.error !== undefined) {
        each(told(prepared, [], `Istio: ${prepared.answer.error}`));
        continue;
      }
      const { requests } = prepared.question;
      const results: ExpectedResult[] = [];
      let next = 0;
      const worker = async () => {
        for (let i = next++; i < requests.length; i = next++) {
          const n = flat.findIndex((f) => f.of === prepared && f.id === gatewayOf(requests[i]!));
          const { generated } = flat[n]!;
          const { addresses, clusterAt } = running;
          const entry = { address: addresses[n]!, generated, clusterAt, echo: witnesses.echo, certificates };
          const { question } = prepared;
          results[i] = await ask(entry, requests[i]!, question.draws(i), question.http2?.(i) ? sendHttp2 : send);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      each(told(prepared, results));
    }
  } finally {
    running.close();
  }
}

/** A running Envoy refuses one listener and keeps the others: the case without it, where the message names one. */
function withoutRefused({ question, answer }: Prepared, message: string): Prepared | undefined {
  const [, nth, port] = /error adding listener '(?:\d+\.){3}(\d+):(\d+)'/.exec(message) ?? [];
  const refused = Object.keys(answer.gateways ?? {})[Number(nth) - 1];
  const generated = refused === undefined ? undefined : answer.gateways?.[refused];
  if (refused === undefined || !generated) return undefined;
  const listeners = generated.listeners.filter((l) => l.address.socket_address.port_value !== Number(port));
  if (listeners.length === generated.listeners.length) return undefined;
  return { question, answer: { ...answer, gateways: { ...answer.gateways, [refused]: { ...generated, listeners } } } };
}

const told = (p: Prepared, results: readonly ExpectedResult[], failed?: string): Told => ({
  question: p.question,
  rejected: p.answer.rejected ?? [],
  warnings: p.answer.warnings ?? [],
  results,
  ...(failed === undefined ? {} : { failed }),
});
