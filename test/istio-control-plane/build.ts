// The Go program that holds Istio's control plane: compiled once, inside a checkout of Istio, and kept in .cache/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotRunError } from '../../src/diagnostics/index.js';

const CACHE = resolve('.cache/istio-control-plane');
const PROGRAM = resolve('test/istio-control-plane/main.go');

/** The compiled program and the checkout that it reads CRDs from. */
export interface Built {
  readonly binary: string;
  readonly source: string;
}

/** Compiles where main.go is newer than the binary. @throws CannotRunError without Go or a checkout of Istio. */
export function buildControlPlane(): Built {
  const source = process.env.ISTIO_SOURCE;
  if (!source || !existsSync(join(source, 'pilot/test/xds/fake.go')))
    throw new CannotRunError(
      `ISTIO_SOURCE${source ? ` (${source})` : ''} is no checkout of Istio`,
      'git clone https://github.com/istio/istio, then ISTIO_SOURCE=<its folder> npm run istio:real',
    );
  const binary = join(CACHE, 'control-plane');
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(PROGRAM).mtimeMs) return { binary, source };
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new CannotRunError('Go is not installed', 'Istio is compiled from its sources: https://go.dev/dl');
  }
  mkdirSync(CACHE, { recursive: true });
  // The program is laid over the checkout, which stays as it is: so it has that Istio's go.mod.
  const overlay = join(CACHE, 'overlay.json');
  writeFileSync(overlay, JSON.stringify({ Replace: { [resolve(source, 'meshgw/main.go')]: PROGRAM } }));
  process.stderr.write('compiling Istio (minutes the first time) …\n');
  execFileSync('go', ['build', '-buildvcs=false', '-overlay', overlay, '-o', binary, './meshgw'], {
    cwd: source,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { binary, source };
}
