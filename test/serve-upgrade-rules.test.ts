// Rules that ask for `Upgrade` or `Connection`: serve decides upgrade requests as simulate does, and every other request without the two.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';

let server: RunningServer;
beforeAll(async () => {
  const listen = new Map([[80, 0]]);
  server = await startServer(await servedFrom(['fixtures/istio-cases/istio-ws-upgrade/input.yaml']), { listen });
});
afterAll(() => server.close());

const destinationOf = async (path: string, headers: string) => {
  const request = `GET ${path} HTTP/1.1\r\nhost: m.example.com\r\n${headers}\r\n`;
  const { status, headers: got } = await ask(server.listening.get(80) as number, request);
  return got['x-meshgw-destination']?.split('.')[0] ?? status;
};

describe('serve, by headers of the hop', () => {
  test('an upgrade to websocket', async () => {
    expect(await destinationOf('/x', 'upgrade: websocket\r\nconnection: Upgrade\r\n')).toBe('ws');
    expect(await destinationOf('/c', 'upgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\n')).toBe('conn');
  });

  test('no upgrade: both are taken away before routing', async () => {
    expect(await destinationOf('/x', 'upgrade: websocket\r\n')).toBe('v1');
    expect(await destinationOf('/c', 'connection: Upgrade\r\n')).toBe('v1');
    expect(await destinationOf('/x', 'upgrade: h2c\r\nconnection: Upgrade\r\n')).toBe('v1');
  });

  test('an upgrade that the gateway does not carry', async () => {
    expect(await destinationOf('/x', 'upgrade: other\r\nconnection: Upgrade\r\n')).toBe(403);
  });
});
