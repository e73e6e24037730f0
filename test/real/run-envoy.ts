// A real Envoy with one bootstrap, in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** The bootstrap is refused, or Envoy died: its words. */
export class EnvoyRefused extends Error {}

/** Starts Envoy and waits until it serves. `bootstrap`: without `admin`. @throws EnvoyRefused with Envoy's words. */
export async function runEnvoy(binary: string, bootstrap: object): Promise<{ close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-'));
  const admin = await freePort();
  const file = join(folder, 'bootstrap.json');
  const whole = { admin: { address: { socket_address: { address: '127.0.0.1', port_value: admin } } }, ...bootstrap };
  writeFileSync(file, JSON.stringify(whole));
  const child = spawn(binary, ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '-l', 'error'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const close = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, admin, errors);
  } catch (e) {
    close();
    throw e;
  }
  return { close };
}

async function ready(child: ChildProcess, admin: number, errors: readonly string[]): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new EnvoyRefused(errors.join('').slice(-2000));
    const status = await fetch(`http://127.0.0.1:${admin}/ready`).then(
      (r) => r.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new EnvoyRefused(`not ready after 30 s: ${errors.join('').slice(-2000)}`);
}
