// A sample of the conformance suite, unmodified, over `simulate`: where Go is there and has the suite's modules, and compiles it within a limit (a
// warm cache: seconds). `npm run conformance` runs all of it. What was compiled when the limit was met stays in Go's cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const LIMIT_S = 40;

const SAMPLE = [
  'HTTPRouteMatching',
  'HTTPRouteHostnameIntersection',
  'HTTPRouteWeight',
  'GRPCExactMethodMatching',
  'GatewayInvalidRouteKind',
  'TLSRouteInvalidNoMatchingListener',
  'BackendTLSPolicyInvalidKind',
  'ListenerSetHostnameConflict',
];

/** Why there is no suite; undefined: there is. Nothing is downloaded. */
function missing(): string | undefined {
  const folder = '.cache/real/gateway-api';
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('go', ['build', '-o', resolve(folder, 'gateway-api'), '.'], {
      cwd: 'test/real/gateway-api',
      env: { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' },
      stdio: 'ignore',
      timeout: LIMIT_S * 1000,
    });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'Go is not installed';
    return code === 'ETIMEDOUT' ? `it was not compiled within ${LIMIT_S} s` : 'its modules are not here';
  }
}

const why = missing();

test.skipIf(why)(
  `a sample of the Gateway API conformance suite passes over simulate${why ? ` (did without: ${why})` : ''}`,
  () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['test/real/run.mjs', 'gateway-api', 'conformance', '--simulate', '--run', SAMPLE.join(',')],
      { encoding: 'utf8', timeout: 200_000 },
    );
    expect(`${stdout}${stderr}`).toContain(`${SAMPLE.length} passed, 0 failed, 0 skipped`);
  },
  240_000,
);
