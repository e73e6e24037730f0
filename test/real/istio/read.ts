// Is Envoy's configuration read rightly? What the control plane generates for the recorded cases, read as a config dump: the answers have to
// be the recorded ones. No Envoy runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGateways } from '../../../src/dialects/read.js';
import { recogniseDocument } from '../../../src/dialects/registry.js';
import type { EffectiveGateway, GatewayRequest } from '../../../src/model/index.js';
import { checkResult } from '../../../src/requests/check.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { compile, decide, jwtRulesFor, toResult } from '../../../src/simulate/index.js';
import { parseSource } from '../../../src/sources/index.js';
import { verifyTokens } from '../../../src/tokens/index.js';
import { makePair } from '../certificate.js';
import { type ControlPlane, type Generated, startControlPlane } from './control-plane.js';

const ROOT = 'fixtures/truth';
const DEFAULT_GATEWAY = 'istio=ingressgateway';
/** As in test/truth: tokens are valid from 2023 on, or expired then. */
const RECORDED_AT = Date.UTC(2026, 7, 22);
const AT_ONCE = 8;

interface Exchange {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

/** `read [folder …]`: folders below fixtures/truth, by default all of Istio's. */
export async function readTruth(folders: readonly string[]): Promise<boolean> {
  const chosen = folders.length > 0 ? folders : readdirSync(join(ROOT, 'istio')).map((f) => `istio/${f}`);
  const exceptions = JSON.parse(readFileSync('fixtures/truth-exceptions.json', 'utf8')) as Record<string, string>;
  const controlPlane = startControlPlane(await makePair());
  let [all, agreed] = [0, 0];
  try {
    for (const folder of chosen) {
      const cases = readdirSync(join(ROOT, folder)).filter((name) =>
        existsSync(join(ROOT, folder, name, 'exchanges.json')),
      );
      let [same, total] = [0, 0];
      const lines: string[] = [];
      for (let at = 0; at < cases.length; at += AT_ONCE)
        for (const told of await Promise.all(
          cases.slice(at, at + AT_ONCE).map((name) => readCase(join(folder, name), controlPlane)),
        ))
          for (const [id, found] of told) {
            total++;
            if (found === undefined || id in exceptions) same++;
            else lines.push(`${id}: ${found}`);
          }
      console.log(
        `${folder}: ${same} of ${total} recorded answers from what was read (${((100 * same) / total).toFixed(2)} %)`,
      );
      for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
      all += total;
      agreed += same;
    }
  } finally {
    controlPlane.close();
  }
  console.log(`${agreed} of ${all} (${((100 * agreed) / all).toFixed(2)} %)`);
  return agreed >= 0.995 * all;
}

/** Each exchange with what differs; undefined: nothing. */
async function readCase(
  name: string,
  controlPlane: ControlPlane,
): Promise<(readonly [id: string, found: string | undefined])[]> {
  const folder = join(ROOT, name);
  const exchanges = JSON.parse(readFileSync(join(folder, 'exchanges.json'), 'utf8')) as readonly Exchange[];
  const ids = [...new Set(exchanges.map((e) => e.request.gateway ?? DEFAULT_GATEWAY))];
  const yaml = readFileSync(join(folder, 'input.yaml'), 'utf8');
  const bare = (g: Generated | undefined) => (g?.listeners ?? []).length === 0;
  let answer = await controlPlane.ask(yaml, ids);
  if (answer.error !== undefined || ids.some((id) => bare(answer.gateways?.[id])))
    answer = await controlPlane.ask(yaml, ids);
  const gateways = new Map(ids.map((id) => [id, gatewayFrom(answer.gateways?.[id])]));
  const outcomes: (readonly [string, string | undefined])[] = [];
  for (const [i, { request, response }] of exchanges.entries()) {
    const compiled = compile(gateways.get(request.gateway ?? DEFAULT_GATEWAY)!);
    const rules = jwtRulesFor(compiled, request);
    const context = rules.length > 0 ? { token: await verifyTokens(rules, request, RECORDED_AT) } : {};
    const found = checkResult(request, response, toResult(decide(compiled, request, context), request), {
      strict: true,
    });
    const text = found.map((d) => `${d.field}: recorded ${d.want}, read ${d.got}`).join('; ');
    outcomes.push([`${name}#${i}`, found.length === 0 ? undefined : answer.error ? `${answer.error}; ${text}` : text]);
  }
  return outcomes;
}

/** As /config_dump shows it. */
function gatewayFrom(generated: Generated | undefined): EffectiveGateway {
  const type = (name: string) => ({ '@type': `type.googleapis.com/envoy.admin.v3.${name}` });
  const dump = {
    configs: [
      {
        ...type('ClustersConfigDump'),
        dynamic_active_clusters: (generated?.clusters ?? []).map((name) => ({ cluster: { name, type: 'EDS' } })),
      },
      {
        ...type('ListenersConfigDump'),
        dynamic_listeners: (generated?.listeners ?? []).map((listener) => ({ active_state: { listener } })),
      },
      {
        ...type('RoutesConfigDump'),
        dynamic_route_configs: (generated?.routes ?? []).map((route_config) => ({ route_config })),
      },
    ],
  };
  const { resources } = parseSource('dump.json', JSON.stringify(dump), undefined, recogniseDocument);
  return readGateways(catalogOf(resources)).gateways[0]!;
}
