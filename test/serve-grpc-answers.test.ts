// What serve answers by itself to a client of gRPC: HTTP 200, the status in a header, and a type that gRPC clients ask for
// (Utility::sendLocalReply in Envoy's source/common/http/utility.cc; asked of Envoy 1.40).

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { freePort } from './serve/envoy-process.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(await servedFrom(['fixtures/istio-cases/istio-ws-upgrade/input.yaml']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map([['v1.web', new URL(`http://127.0.0.1:${await freePort()}`)]]),
  });
});
afterAll(() => server.close());

const post = async (path: string, type: string) => {
  const request = `POST ${path} HTTP/1.1\r\nhost: m.example.com\r\ncontent-type: ${type}\r\ncontent-length: 0\r\n\r\n`;
  const { status, headers, body } = await ask(server.listening.get(80) as number, request);
  return [status, headers['content-type'], headers['grpc-status'], headers['grpc-message'], body];
};

test('an injected abort', async () => {
  expect(await post('/g', 'application/grpc')).toEqual([200, 'application/grpc', '14', 'fault filter abort', '']);
  expect(await post('/g', 'text/x')).toEqual([200, 'text/plain', undefined, undefined, 'fault filter abort']);
});

test('a destination that nobody reaches', async () => {
  const [status, type, code, message, body] = await post('/', 'application/grpc+proto');
  expect([status, type, code, body]).toEqual([200, 'application/grpc', '14', '']);
  expect(message).toMatch(/^upstream connect error/);
});
