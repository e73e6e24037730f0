// fixtures/istio-own-tests/<case>: the calls of Istio's own tests of its gateway (pilot/pkg/networking/core/
// gateway_simulation_test.go, module version 2026-08-27), retyped with the results that they want: what of them is not here sits
// behind an internal annotation (`internal.istio.io/gateway-service`), which no API server takes from a user.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { meshgwIn } from './run-cli.js';

const ROOT = join(import.meta.dirname, '../fixtures/istio-own-tests');

describe("Istio's own gateway simulation tests", () => {
  let calls = 0;
  test.each(readdirSync(ROOT))('%s', async (name) => {
    const argv = ['simulate', '-f', 'input.yaml', '--check', 'exchanges.yaml', '-o', 'json'];
    const { out } = await meshgwIn(join(ROOT, name), argv);
    const { checked, failures } = JSON.parse(out) as { checked: number; failures: readonly unknown[] };
    calls += checked;
    expect(failures).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });

  test('all 41 calls were asked', () => expect(calls).toBe(41));
});
