// Every finding that `istioctl analyze` recorded on Istio's own test inputs is reported on the same object, or is a
// difference on purpose, with its reason. The inputs are not part of the project (upstream.ts): without them the test says
// so and ends.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';
import { upstream } from './upstream.js';

const root = `${upstream}/istio-analyzers`;

interface Recorded {
  readonly code: string;
  readonly level: string;
  readonly origin: string;
}

/** Findings of istioctl that lint does not report, and why. */
const DIFFERENT_ON_PURPOSE: Readonly<Record<string, string>> = {
  'gateway-api-crd-version-old IST0176 CustomResourceDefinition tlsroutes.gateway.networking.k8s.io':
    'about the version of an installed CRD, not about configuration',
  'virtualservice_gateways IST0132 VirtualService default/httpbin-bogus':
    'the Gateway does not exist, which MGW0101 (IST0101) says; which hosts it has is then no question',
  'k8sgateway-selector IST0106 Telemetry default/telemetry-effective': 'about Telemetry, not about ingress',
};

/** Codes that mean "refused": any error on the object says the same. */
const isRefusal = (code: string) => code === 'IST0106';

if (!existsSync(root))
  test('istio-analyzers', () => expect(existsSync(root), `skipped: ${root} is not here`).toBe(false));
else {
  let asked = 0;
  let reported = 0;
  const verdicts = JSON.parse(readFileSync(`${root}/verdicts.json`, 'utf8')) as Record<string, readonly Recorded[]>;
  for (const [name, recorded] of Object.entries(verdicts))
    test(`istio-analyzers/${name}`, async () => {
      const sources = parseSource(`${name}.yaml`, readFileSync(`${root}/${name}.yaml`));
      const catalog = catalogOf(sources.resources);
      const { gateways, notes } = readGateways(catalog, {});
      const { diagnostics } = await runLint({ sources, catalog, gateways, notes }, lintKnowledge({}));
      const missed = recorded.filter(
        ({ code, origin }) =>
          !(`${name} ${code} ${origin}` in DIFFERENT_ON_PURPOSE) &&
          !diagnostics.some((d) => {
            const object = d.resource ? `${d.resource.kind} ${d.resource.namespace}/${d.resource.name}` : '';
            return object === origin && (isRefusal(code) ? d.severity === 'error' : d.istio === code);
          }),
      );
      asked += recorded.length;
      reported += recorded.filter(({ code, origin }) => !(`${name} ${code} ${origin}` in DIFFERENT_ON_PURPOSE)).length;
      reported -= missed.length;
      expect(
        missed,
        JSON.stringify(
          diagnostics.map((d) => `${d.code} ${d.istio} ${d.resource?.name} ${d.message}`),
          null,
          1,
        ),
      ).toEqual([]);
    });

  test('every difference on purpose is one that was recorded', () => {
    const all = Object.entries(verdicts).flatMap(([name, list]) =>
      list.map(({ code, origin }) => `${name} ${code} ${origin}`),
    );
    expect(Object.keys(DIFFERENT_ON_PURPOSE).filter((key) => !all.includes(key))).toEqual([]);
    expect(readdirSync(root).filter((f) => f.endsWith('.yaml')).length).toBe(Object.keys(verdicts).length);
    console.log(
      `istioctl analyze: ${asked} findings in ${Object.keys(verdicts).length} inputs, ${reported} reported, ${Object.keys(DIFFERENT_ON_PURPOSE).length} different on purpose`,
    );
    expect(reported + Object.keys(DIFFERENT_ON_PURPOSE).length).toBe(asked);
  });
}
