// serve answers every exchange of the article's two configurations over a real socket as it was recorded (issue 3).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GatewayRequest, SimulationResult } from '../src/model/index.js';
import { startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';

const root = 'fixtures/truth/istio/article';

for (const name of readdirSync(root)) {
  test(`article: ${name}`, async () => {
    const exchanges = JSON.parse(readFileSync(join(root, name, 'exchanges.json'), 'utf8')) as {
      request: GatewayRequest;
      response: SimulationResult;
    }[];
    expect(exchanges.length).toBeGreaterThan(10);
    const server = await startServer(await servedFrom([join(root, name, 'input.yaml')]), {
      listen: new Map([[80, 0]]),
    });
    try {
      for (const { request, response } of exchanges) {
        const local = server.listening.get(request.port);
        if (local === undefined) {
          // Nobody listens: a client is refused by the operating system.
          expect(response).toEqual({ connection: 'refused' });
          continue;
        }
        const headers = Object.entries(request.headers ?? {}).map(([n, v]) => `${n}: ${v}\r\n`);
        const got = await ask(
          local,
          `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.host}\r\n${headers.join('')}\r\n`,
        );
        const echoed = response.destination && request.method !== 'HEAD' ? JSON.parse(got.body) : undefined;
        expect({
          request,
          status: got.status,
          destination: echoed?.destination ?? null,
          path: echoed?.path,
          host: echoed?.host,
        }).toEqual({
          request,
          status: response.status,
          destination: request.method === 'HEAD' ? null : response.destination,
          path: response.upstream?.path,
          host: response.upstream?.host,
        });
        const { host, port } = response.destination ?? {};
        expect(got.headers['x-meshgw-destination']).toBe(response.destination ? `${host}:${port}` : undefined);
      }
    } finally {
      await server.close();
    }
  });
}
