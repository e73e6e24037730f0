// Limits of bodies that an EnvoyFilter sets, over sockets: serve answers what the real Envoy answered (fixtures/recorded/body-limits-*),
// and lets nothing through before a body is whole.

import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GatewayRequest, SimulationResult } from '../src/model/index.js';
import { startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask, exchangeBytes } from './serve/raw-client.js';
import { sendCase } from './serve/truth-over-sockets.js';
import { startUpstream } from './serve/upstreams.js';

const ROOT = 'fixtures/recorded';
const secret = { cert: '', key: '' };

interface Recorded {
  readonly request: GatewayRequest;
  readonly response: SimulationResult;
}

describe('what the real Envoy answered', () => {
  for (const name of ['of-the-gateway', 'of-routes', 'of-all-before-anything-else'])
    test(name, async () => {
      const folder = join(ROOT, `body-limits-${name}`);
      const recorded = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as Recorded[];
      const sent = await sendCase(folder, { secret, take: () => true });
      expect(sent.length).toBe(recorded.length);
      const short = ({ status, body, destination, headers }: SimulationResult) =>
        ({ status, body: body || undefined, host: destination?.host, route: headers?.['x-route'] }) as const;
      for (const { index, got, request } of sent) {
        const { response } = recorded[index] as Recorded;
        if (response.status === 503) continue; // sendCase has an echo for every destination, also one that no Service has.
        expect([request.path, short(got)]).toEqual([request.path, short(response)]);
      }
    });
});

test('nothing goes on before the body is whole; then it has a length', async () => {
  const app = await startUpstream();
  const server = await startServer(await servedFrom(['fixtures/recorded/body-limits-of-routes/input.yaml']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map([['web', app.url]]),
  });
  try {
    const port = server.listening.get(80) as number;
    const head = 'POST /api HTTP/1.1\r\nhost: a.example.com\r\n';
    const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
    const open = await exchangeBytes(port, [chunked, 'a\r\n1234567890\r\n'], { waitMs: 200 });
    expect([open.text, app.seen.length]).toEqual(['', 0]);
    const whole = await ask(port, `${chunked}a\r\n1234567890\r\na\r\n1234567890\r\n0\r\n\r\n`);
    expect(whole.status).toBe(200);
    expect(app.seen.map((s) => [s.headers['content-length'], s.headers['transfer-encoding']])).toEqual([
      ['20', undefined],
    ]);
    const over = await ask(port, `${chunked}a\r\n1234567890\r\nb\r\n12345678901\r\n0\r\n\r\n`);
    expect([over.status, over.body, app.seen.length]).toEqual([413, 'Payload Too Large', 1]);
    const waits = await exchangeBytes(port, `${head}content-length: 2\r\nexpect: 100-continue\r\n\r\n`, {
      waitMs: 200,
    });
    expect(waits.text).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  } finally {
    await server.close();
    await app.close();
  }
});

test('over HTTP/2 an early 413 leaves the connection to the other streams', async () => {
  const server = await startServer(await servedFrom(['fixtures/recorded/body-limits-of-routes/input.yaml']), {
    listen: new Map([[80, 0]]),
  });
  const session = http2.connect(`http://127.0.0.1:${server.listening.get(80)}`);
  const post = (body: string) =>
    new Promise<string>((done) => {
      const stream = session.request({ ':method': 'POST', ':path': '/small', ':authority': 'a.example.com' });
      let text = '';
      stream.on('response', (headers) => (text = `${headers[':status']} `));
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('error', (error) => (text += error.message));
      stream.on('close', () => done(text));
      stream.write(body);
      stream.end();
    });
  try {
    for (let i = 0; i < 5; i++) {
      expect(await post('12345678901')).toBe('413 Payload Too Large');
      expect(await post('1234567890')).toMatch(/^200 /);
    }
  } finally {
    session.destroy();
    await server.close();
  }
});
