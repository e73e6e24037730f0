// What the benchmark and the soak share: a folder of their own, free ports, programs that are started and ended, and
// meshgw serve itself.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const folder = mkdtempSync(join(tmpdir(), 'meshgw-bench-'));
const children = [];

/** Writes a file of the folder; its path. */
export function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/**
 * `words()` of the child: the end of what it said on stderr. With `unheard` stderr is /dev/null: an access log in a pipe would wait for
 * this process, which waits for the load.
 */
export function start(program, args, { unheard = false } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', unheard ? 'ignore' : 'pipe'] });
  let words = '';
  child.stderr?.on('data', (text) => {
    words = (words + text).slice(-2_000);
  });
  child.words = () => words;
  children.push(child);
  return child;
}

/** Waits until the URL answers 200. */
export async function answers(url, child) {
  for (let i = 0; i < 200; i++) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.status === 200) return;
    } catch {}
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`${url} does not answer: ${child.words()}`);
}

/** The rules of one VirtualService (`- match: …`, a line each) for a gateway that listens on port 80, with a Service `app`. */
export const configOf = (rules) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }]
---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { ports: [{ name: http, port: 8000 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v }
spec:
  hosts: ["*"]
  gateways: [g]
  http:
${rules.map((rule) => `    - ${rule}\n`).join('')}`;

export const TO_APP = 'route: [{ destination: { host: app, port: { number: 8000 } } }]';

/** meshgw serve on a file of configuration; `path` is what it must answer 200 to. */
export async function startServe(config, upstreamPort, { path = '/', log = 'off', flags = [] } = {}) {
  const port = await freePort();
  const child = start(
    process.execPath,
    [
      'bin/meshgw.js',
      'serve',
      '-f',
      config,
      '--listen',
      `80=${port}`,
      '--upstream',
      `app=http://127.0.0.1:${upstreamPort}`,
      '--access-log',
      log,
      ...flags,
    ],
    { unheard: log !== 'off' },
  );
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}${path}`, child);
  return { name: 'meshgw', url, port, pid: child.pid, child };
}

/** Ends what was started, and the folder. */
export function end(signal) {
  for (const child of children) child.kill(signal);
  rmSync(folder, { recursive: true, force: true });
}
