// A fixture of a dialect (input.yaml, requests.yaml) as plain data for a snapshot: what each request gets, how
// it is delivered, and what reading has to say.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readGateways } from '../../src/dialects/read.js';
import { recogniseDocument } from '../../src/dialects/registry.js';
import { formatPath, formatResource, type GatewayRequest, type Origin, type Resource } from '../../src/model/index.js';
import { catalogOf } from '../../src/resources/catalog.js';
import { compile, decide, toResult } from '../../src/simulate/index.js';
import { parseSource } from '../../src/sources/index.js';

export interface FixtureFinding {
  readonly code: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

const place = (origin: Origin): string => `${formatResource(origin.resource)} ${formatPath(origin.path)}`;

export function describeFixture(
  folder: string,
  dialect: 'ingress' | 'ingress-nginx' | 'kuma',
  findingsOf: (resource: Resource) => readonly FixtureFinding[] = () => [],
): Record<string, unknown> {
  const { resources, diagnostics } = parseSource(
    'input.yaml',
    readFileSync(join(folder, 'input.yaml')),
    undefined,
    recogniseDocument,
  );
  if (diagnostics.length > 0) throw new Error(`${folder}: ${diagnostics[0]!.message}`);
  const { gateways, notes } = readGateways(catalogOf(resources));
  const gateway = gateways.find((g) => g.dialect === dialect);
  if (!gateway) throw new Error(`${folder}: no ${dialect} gateway`);
  const compiled = compile(gateway);
  const requests = parse(readFileSync(join(folder, 'requests.yaml'), 'utf8')) as readonly GatewayRequest[];
  const deliveries = new Set<string>();
  const results = requests.map((request) => {
    const decision = decide(compiled, request);
    if (decision.kind === 'forward' && decision.route.action.kind === 'forward') {
      const { delivery } = decision.route.action;
      if (delivery) deliveries.add(JSON.stringify({ ...delivery, settings: undefined }));
    }
    const result = toResult(decision, request);
    const matched = 'route' in decision && decision.route ? { matched: place(decision.route.origin) } : {};
    return { request: shortOf(request), ...result, ...matched };
  });
  const findings = resources.flatMap((r) =>
    findingsOf(r).map((f) => ({ code: f.code, message: f.message, at: place({ resource: r, path: f.path }) })),
  );
  const said = notes.map((n) => ({ code: n.code, message: n.message, at: place(n.origin) }));
  const unsupported = gateway.unsupported.map((u) => ({ feature: u.feature, effect: u.effect, detail: u.detail }));
  return {
    gateway: gateway.id,
    results,
    ...(dialect === 'ingress-nginx' ? { delivery: [...deliveries].map((d) => JSON.parse(d)) } : {}),
    ...(findings.length > 0 ? { findings } : {}),
    ...(said.length > 0 ? { notes: said } : {}),
    ...(unsupported.length > 0 ? { unsupported } : {}),
  };
}

const shortOf = ({ scheme, method, host, path, headers, source }: GatewayRequest): string => {
  const more = Object.entries(headers ?? {}).map(([name, value]) => ` ${name}=${String(value)}`);
  return `${method} ${scheme}://${host}${path}${more.join('')}${source ? ` from ${source}` : ''}`;
};
