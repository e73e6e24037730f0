// Policies of Istio at a gateway: who they apply to, what values mean, what is said about what is not simulated. Each
// folder of fixtures/policy: the configuration, requests, and the answers with the policy that decided. `-u` writes anew.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseGateway } from '../src/api/choose-gateway.js';
import { readGateways } from '../src/dialects/read.js';
import { formatPath, formatResource, type GatewayRequest } from '../src/model/index.js';
import { catalogOf } from '../src/resources/catalog.js';
import { compile, explain, jwtRulesFor, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from '../src/sources/index.js';
import { verifyTokens } from '../src/tokens/index.js';

const root = join(import.meta.dirname, '../fixtures/policy');

describe('policies', () => {
  for (const name of readdirSync(root).sort())
    test(name, async () => {
      const folder = join(root, name);
      const { resources } = parseSource(`${name}/input.yaml`, readFileSync(join(folder, 'input.yaml')));
      const { gateways } = readGateways(catalogOf(resources));
      const requests = JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8')) as GatewayRequest[];
      const lines: string[] = [];
      for (const { id, unsupported } of gateways)
        for (const u of unsupported)
          lines.push(
            `${id} ${u.feature}: ${u.detail} (${formatResource(u.origin.resource)} ${formatPath(u.origin.path)})`,
          );
      for (const request of requests) {
        const compiled = compile(chooseGateway(gateways, request.gateway));
        const token = await verifyTokens(jwtRulesFor(compiled, request), request, Date.UTC(2026, 0, 1));
        const { decision, trace } = explain(compiled, request, { token, locate });
        const { status, connection, l4, matched, reason, conditions, body } = toResult(decision, request, { locate });
        const { gateway = '', method, scheme, host, port, path, source = '' } = request;
        lines.push(
          `${gateway} ${method} ${scheme}://${host}:${port}${path} ${source}`.trim(),
          `  ${connection ?? l4 ?? status} ${body ?? ''}`.trimEnd(),
          ...(reason ? [`  ${reason}`] : []),
          ...(matched ? [`  ${matched.resource} ${matched.path} line ${matched.line}`] : []),
          ...(conditions ?? []).map((c) => `  if ${c}`),
          ...trace.filter((s) => s.step === 'policy').map((s) => `  trace: ${s.outcome} ${s.text}`),
        );
      }
      await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(folder, 'expected.txt'));
      expect(lines.length).toBeGreaterThan(requests.length);
    });
});
