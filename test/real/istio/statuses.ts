// What Istio's own tests expect in the status of Gateway API objects (testdata/*.status.yaml.golden beside its controller), compared with
// `meshgw status`. Nothing is compiled: the files of the published module are the answer.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { load } from '../../../src/api/load.js';
import { status } from '../../../src/api/status.js';
import { controllerOf } from '../../../src/dialects/gateway-api/features/gateway-class.js';
import { GATEWAY } from '../../../src/dialects/gateway-api/kinds.js';
import type { Catalog } from '../../../src/resources/catalog.js';
import { goModule } from '../go-program.js';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}
interface Part {
  readonly name?: string;
  readonly attachedRoutes?: number;
  readonly controllerName?: string;
  readonly parentRef?: Reference;
  readonly ancestorRef?: Reference;
  readonly conditions?: readonly Condition[];
}
interface Reference {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}
interface StatusObject {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
  readonly status: { readonly [field in 'conditions']?: readonly Condition[] } & {
    readonly [field in 'listeners' | 'parents' | 'ancestors']?: readonly Part[];
  };
}

const FOLDER = 'pilot/pkg/config/kube/gateway';
/** meshgw computes no status of these. */
const OTHER_KINDS = new Set(['GatewayClass', 'InferencePool', 'XBackendTrafficPolicy', 'ServiceEntry', 'Service']);
/** Beginnings of lines that differ, with the reason. */
const INFERENCE = 'an InferencePool is an InvalidKind unless ENABLE_GATEWAY_API_INFERENCE_EXTENSION is set';
const KNOWN = new Map([
  ['HTTPRoute default/multi-route-infpool-1 at', INFERENCE],
  ['HTTPRoute default/multi-route-infpool-2 at', INFERENCE],
  ['HTTPRoute default/multiple-inferencepool-backend-refs at', INFERENCE],
  ['HTTPRoute istio-system/backend-allowed-ip at', INFERENCE],
  ['Gateway bookinfo-ingress/gateway: Programmed', 'a Service that an installation brings counts as being there'],
  ['ListenerSet istio-system/invalid-class:', 'of a waypoint'],
]);
/** Parents of traffic inside the mesh. */
const OF_THE_MESH = new Set(['Service', 'ServiceEntry']);
const CONTROLLER = 'istio.io/gateway-controller';

/** `[name …]`: of the cases of Istio's TestConvertResources, all or these. Lines with `-` are Istio's, those with `+` meshgw's. */
export async function compareStatuses(names: readonly string[]): Promise<boolean> {
  const folder = join(goModule('istio', 'istio.io/istio'), FOLDER);
  const test = readFileSync(join(folder, 'conversion_test.go'), 'utf8');
  const beside = [...servicesOf(test), ...certificatesOf(test)];
  const cases = readdirSync(join(folder, 'testdata'))
    .filter((file) => file.endsWith('.status.yaml.golden'))
    .map((file) => file.slice(0, -'.status.yaml.golden'.length))
    .filter((name) => names.length === 0 || names.includes(name));
  let differences = 0;
  let conditions = 0;
  for (const name of cases) {
    const file = join(folder, 'testdata', `${name}.yaml`);
    if (!existsSync(file)) continue;
    const golden = loadAll(readFileSync(`${file.slice(0, -'.yaml'.length)}.status.yaml.golden`, 'utf8'));
    const text = readFileSync(file, 'utf8');
    const config = await load([
      { file: `${name}.yaml`, text },
      { file: 'beside.json', text: list([...beside, ...namespacesOf(text)]) },
    ]);
    const counts = isCompared(config.catalog);
    const wanted = linesOf(golden as StatusObject[], counts);
    const found = linesOf(status(config).items as unknown as StatusObject[], counts);
    conditions += wanted.size;
    const isNew = (line: string) => ![...KNOWN.keys()].some((known) => line.startsWith(known));
    const lost = [...wanted].filter((line) => !found.has(line) && isNew(line));
    const more = [...found].filter((line) => !wanted.has(line) && isNew(line));
    differences += lost.length + more.length;
    console.log(`${name}: ${wanted.size} conditions, ${lost.length} not the same, ${more.length} more`);
    for (const line of [...lost.map((l) => `  - ${l}`), ...more.map((l) => `  + ${l}`)].sort(byPlace))
      console.log(line);
  }
  console.log(`${cases.length} cases, ${conditions} conditions, ${differences} differences`);
  console.log(
    `not compared: mesh parents, waypoints, and ${KNOWN.size} routes: ${[...new Set(KNOWN.values())].join('; ')}`,
  );
  return differences === 0;
}

const byPlace = (a: string, b: string) => (a.slice(4) < b.slice(4) ? -1 : 1);

/** Which Gateways are compared, and whether a line of one is. */
function isCompared(catalog: Catalog): (object: StatusObject, line: string) => boolean {
  return ({ kind, metadata: { namespace = '', name } }, line) => {
    // A condition that was there before, of another type.
    if (line.endsWith('dummy=True dummy')) return false;
    const gateway = kind === 'Gateway' ? catalog.find(GATEWAY, namespace, name) : undefined;
    if (gateway === undefined) return true;
    // Waypoints are no gateways for clients; Gateways of classes that nobody knows have no status of Istio's.
    if (!['istio', 'remote'].includes(controllerOf(gateway, catalog))) return false;
    // The test deploys no Service for a Gateway.
    const { addresses = [] } = gateway.object.spec as { addresses?: readonly { type?: string }[] };
    return (
      addresses.some(({ type }) => type === 'Hostname') ||
      !/: Programmed=\w+ (Programmed|AddressNotUsable)$/.test(line) ||
      / listener /.test(line)
    );
  };
}

function linesOf(
  objects: readonly (StatusObject | null)[],
  counts: (object: StatusObject, line: string) => boolean,
): Set<string> {
  const lines = new Set<string>();
  for (const object of objects) {
    if (!object || OTHER_KINDS.has(object.kind)) continue;
    const { kind, metadata, status: found } = object;
    const who = `${kind} ${metadata.namespace}/${metadata.name}`;
    const add = (place: string, list: readonly Condition[] = []) => {
      for (const { type, status: holds, reason } of list) put(`${who}${place}: ${type}=${holds} ${reason}`);
    };
    const put = (line: string) => counts(object, line) && lines.add(line);
    add('', found.conditions);
    for (const l of found.listeners ?? []) {
      add(` listener ${l.name}`, l.conditions);
      put(`${who} listener ${l.name}: ${l.attachedRoutes} routes`);
    }
    for (const p of found.parents ?? []) {
      const { kind: of = 'Gateway', namespace = metadata.namespace, name, sectionName, port } = p.parentRef!;
      if (p.controllerName !== CONTROLLER || OF_THE_MESH.has(of)) continue;
      add(` at ${of} ${namespace}/${name} ${sectionName ?? ''} ${port ?? ''}`.trimEnd(), p.conditions);
    }
    // Istio leaves the namespace of a Gateway out.
    for (const { ancestorRef, controllerName, conditions } of found.ancestors ?? [])
      if (controllerName === CONTROLLER) add(` for Gateway ${ancestorRef!.name}`, conditions);
  }
  return lines;
}

const list = (items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

/** The objects that the test has beside each file: Services and, for other hosts, ServiceEntries. */
function servicesOf(test: string): object[] {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'tcp', port: 34000 },
    { name: 'tcp-other', port: 34001 },
  ];
  return part(test, 'var services = ', '\n}\n')
    .split('model.ServiceAttributes')
    .flatMap((text) => {
      const namespace = /Namespace:\s*"([^"]+)"/.exec(text)?.[1];
      const host = /Hostname:\s*"([^"]+)"/.exec(text)?.[1];
      if (namespace === undefined || host === undefined) return [];
      const own = [...text.matchAll(/Name:\s*"([\w-]+)",\s*Port:\s*(\d+)/g)].map(([, name, port]) => ({
        name,
        port: Number(port),
      }));
      if (host.endsWith('.svc.domain.suffix'))
        return {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: host.split('.')[0], namespace },
          spec: { ports: own.length > 0 ? own : ports },
        };
      const numbered = ports.map(({ name, port }) => ({ name, number: port, protocol: 'TCP' }));
      return {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: host.replaceAll('.', '-'), namespace },
        spec: { hosts: [host], ports: numbered, resolution: 'DNS' },
      };
    });
}

/** Secrets and ConfigMaps: each is written as `&corev1.Secret{… Name: … Namespace: … Data: map…{"key": value,}}`. */
function certificatesOf(test: string): object[] {
  const pem = new Map(
    [...test.matchAll(/(rsaCertPEM|rsaKeyPEM) = `([^`]*)`/g)].map(([, name = '', text = '']) => [name, text]),
  );
  const entry =
    /&corev1\.(Secret|ConfigMap)\{\s*ObjectMeta:[^{]*\{\s*Name:\s*"([^"]+)",\s*Namespace:\s*"([^"]+)",\s*\},\s*Data:[^{]*\{([^}]*)\}/g;
  return [...test.matchAll(entry)].map(([, kind = '', name = '', namespace = '', body = '']) => {
    const values = [...body.matchAll(/"([\w.-]+)":\s*(?:\[\]byte\()?(?:"([^"]*)"|(\w+))/g)].map(
      ([, key = '', text, constant = '']) => [key, text ?? pem.get(constant) ?? ''] as const,
    );
    const data = values.map(([key, text]) => [key, kind === 'Secret' ? Buffer.from(text).toString('base64') : text]);
    return { apiVersion: 'v1', kind, metadata: { name, namespace }, data: Object.fromEntries(data) };
  });
}

/** Those of the file's objects, with the label that the test gives them. */
const namespacesOf = (text: string): object[] =>
  [...new Set([...text.matchAll(/^ {2}namespace: (\S+)/gm)].map(([, name = '']) => name))].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'istio.io/test-name-part': name.split('-')[0] } },
  }));

function part(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(to, start));
}
