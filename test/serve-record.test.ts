// --record: who can read the file, what is masked in it, and that it replays.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { startServe } from './serve/command.js';
import { ask } from './serve/raw-client.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-record-'));
  writeFileSync(join(folder, 'input.yaml'), readFileSync('fixtures/serve/survive/input.yaml', 'utf8') + JWT);
});
afterAll(() => rmSync(folder, { recursive: true }));

const JWT = `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: j, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  jwtRules:
  - issuer: i
    jwks: '{"keys":[]}'
    fromHeaders: [{name: x-own}]
    fromParams: [mine]
`;

const REQUEST = `GET /direct?access_token=SECRET1&mine=SECRET2&q=kept HTTP/1.1
host: a.example.com
authorization: Basic SECRET3
cookie: sid=SECRET4; theme=SECRET5
proxy-authorization: SECRET6
x-api-key: SECRET7
x-auth-token: SECRET8
x-plain: kept

`.replaceAll('\n', '\r\n');

async function recorded(...flags: string[]): Promise<{ text: string; err: string; file: string }> {
  const file = join(folder, `record-${flags.length}.json`);
  // One that others could read is theirs no more.
  writeFileSync(file, 'before');
  chmodSync(file, 0o644);
  const serve = await startServe(['-f', join(folder, 'input.yaml'), '--listen', '80=0', '--record', file, ...flags]);
  const port = serve.ready.listening[80] as number;
  await ask(port, REQUEST);
  await ask(port, 'GET /direct HTTP/1.1\r\nhost: a.example.com\r\nx-own: SECRET9\r\n\r\n');
  expect(await serve.stop()).toBe(0);
  return { text: readFileSync(file, 'utf8'), err: serve.err(), file };
}

test('credentials are masked, the rest is kept, and only the user can read it', async () => {
  const { text, err, file } = await recorded();
  expect(text).not.toContain('SECRET');
  expect(JSON.parse(text)[0].request).toMatchObject({
    path: '/direct?access_token=***&mine=***&q=kept',
    headers: {
      authorization: 'Basic ***',
      cookie: 'sid=***; theme=***',
      'proxy-authorization': '***',
      'x-api-key': '***',
      'x-auth-token': '***',
      'x-plain': 'kept',
    },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(err).toContain('are masked (--record-credentials keeps them)');
});

test('they are kept on demand, which is said, and then the recording replays', async () => {
  const { text, err, file } = await recorded('--record-credentials');
  for (let i = 1; i <= 9; i++) expect(text).toContain(`SECRET${i}`);
  expect(err).toContain('holds the credentials that clients send');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  let out = '';
  const code = await run(['simulate', '-f', join(folder, 'input.yaml'), '--check', file], {
    cwd: process.cwd(),
    env: {},
    stdout: { write: (line) => void (out += line), isTTY: false, columns: 80 },
    stderr: { write: (line) => void (out += line), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    now: () => Date.now(),
  });
  expect(code, out).toBe(0);
});

test('what is no regular file is refused', async () => {
  const flags = ['-f', join(folder, 'input.yaml'), '--listen', '80=0', '--record'];
  await expect(startServe([...flags, '/dev/null'])).rejects.toThrow('cannot write /dev/null: not a regular file');
  await expect(startServe([...flags, folder])).rejects.toThrow(`cannot write ${folder}`);
});
