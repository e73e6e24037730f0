// `egctl x translate`, without a cluster: Envoy's configuration for the Gateways of a file. Services get addresses of the
// loopback network, because Envoy Gateway routes to their `clusterIP`: an Envoy that runs the result reaches nothing else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import type { Pair } from '../certificate.js';
import { goProgram } from '../go-program.js';

/** As egctl prints it: dumps in the shape of Envoy's `/config_dump`, by `namespace/name` of the Gateway. */
export interface Translation {
  readonly xds: Readonly<Record<string, { readonly configs: readonly Readonly<Record<string, unknown>>[] }>>;
  /** Service ports by the address that clusters reach: `127.92.0.1:80`. */
  readonly services: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
}

const CONTROLLER = 'gateway.envoyproxy.io/gatewayclass-controller';

/** egctl refuses the file: its words. */
export class Refused extends CannotRunError {}

/** @returns the translation. @throws Refused where egctl refuses the file, with its words. */
export function translate(yaml: string, pair?: Pair): Translation {
  const egctl = goProgram('envoy-gateway', 'github.com/envoyproxy/gateway/cmd/egctl');
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-gateway-'));
  try {
    const file = join(folder, 'input.yaml');
    const prepared = preparedFor(yaml, pair);
    writeFileSync(file, prepared.yaml);
    const args = ['x', 'translate', '--from', 'gateway-api', '--to', 'xds', '-o', 'json', '-f', file];
    const printed = execFileSync(egctl, args, { encoding: 'utf8', stdio: 'pipe', timeout: 60_000, maxBuffer: 1e9 });
    const { xds = {} } = JSON.parse(printed) as Partial<Translation>;
    const foreign = foreignAddresses(xds);
    if (foreign.length > 0)
      throw new CannotRunError(`the translation has addresses outside of the loopback network: ${foreign.join(', ')}`);
    return { xds, services: prepared.services };
  } catch (e) {
    if (e instanceof Error && 'stderr' in e) throw new Refused(`egctl: ${String(e.stderr).trim()}`);
    throw e;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function printTranslation([file = '']: readonly string[]): Promise<boolean> {
  console.log(JSON.stringify(translate(readFileSync(file, 'utf8')).xds, null, 2));
  return true;
}

/** Kinds that egctl takes besides those of its own groups and of the Gateway API. */
const CORE = new Set(['Namespace', 'Service', 'Secret', 'ConfigMap']);

// Objects of users are free trees here.
// biome-ignore lint/suspicious/noExplicitAny: every field of it is somebody else's type
type Tree = Record<string, any>;

/**
 * What egctl gets of a file: kinds that it knows; each Service with an address of the loopback network of its own; the class of each
 * Gateway; certificates, which recorded cases take for given (`pair` in place of all of them).
 */
function preparedFor(yaml: string, pair: Pair | undefined): { yaml: string; services: Translation['services'] } {
  const services = new Map<string, { host: string; port: number }>();
  const documents = parseAllDocuments(yaml, { version: '1.1' }).flatMap((d) => (d.toJS() as Tree | null) ?? []);
  const objects = documents
    .flatMap((o: Tree): Tree[] => (o.kind === 'List' ? o.items : [o]))
    .filter((o) => CORE.has(o.kind) || /^gateway\.(networking\.k8s|envoyproxy)\.io\//.test(o.apiVersion));
  let n = 0;
  for (const o of objects) {
    if (o.kind === 'Service') {
      const address = `127.92.${Math.floor(n / 250)}.${(n % 250) + 1}`;
      n++;
      o.spec = { ...o.spec, clusterIP: address };
      const host = `${o.metadata.name}.${o.metadata.namespace ?? 'default'}.svc.cluster.local`;
      for (const { port } of o.spec.ports ?? []) services.set(`${address}:${port}`, { host, port });
    }
    if (pair && o.kind === 'Secret' && o.type === 'kubernetes.io/tls') Object.assign(o, certificateData(pair));
  }
  const there = (kind: string, name: string, namespace?: string) =>
    objects.some(
      (o) =>
        o.kind === kind &&
        o.metadata.name === name &&
        (!namespace || (o.metadata.namespace ?? 'default') === namespace),
    );
  const supplied: Tree[] = [];
  for (const gateway of objects.filter((o) => o.kind === 'Gateway')) {
    const name = gateway.spec.gatewayClassName;
    if (!there('GatewayClass', name) && supplied.length === 0)
      supplied.push({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        metadata: { name },
        spec: { controllerName: CONTROLLER },
      });
  }
  if (pair)
    for (const { name, namespace } of certificatesOf(objects))
      if (
        !there('Secret', name, namespace) &&
        !supplied.some((s) => s.kind === 'Secret' && s.metadata.name === name && s.metadata.namespace === namespace)
      )
        supplied.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, ...certificateData(pair) });
  const namespaces = new Set([...objects, ...supplied].flatMap((o) => o.metadata.namespace ?? []));
  for (const name of namespaces)
    if (!there('Namespace', name)) supplied.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return {
    yaml: [...supplied, ...objects]
      .map((o) => stringify(o, { version: '1.1', aliasDuplicateObjects: false }))
      .join('---\n'),
    services,
  };
}

const certificateData = ({ certificate, key }: Pair): Tree => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return {
    type: 'kubernetes.io/tls',
    stringData: undefined,
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(key), 'ca.crt': base64(certificate) },
  };
};

/** Secrets of listeners, and of those who check clients. */
const certificatesOf = (objects: readonly Tree[]): { name: string; namespace: string }[] =>
  objects.flatMap((o) => {
    const home = o.metadata.namespace ?? 'default';
    const refs =
      o.kind === 'Gateway'
        ? (o.spec.listeners ?? []).flatMap((l: Tree) => l.tls?.certificateRefs ?? [])
        : o.kind === 'ClientTrafficPolicy'
          ? (o.spec.tls?.clientValidation?.caCertificateRefs ?? [])
          : [];
    return refs
      .filter((r: Tree) => (r.kind ?? 'Secret') === 'Secret')
      .map((r: Tree) => ({ name: r.name, namespace: r.namespace ?? home }));
  });

/** Addresses of endpoints that are not of the loopback network; the bootstrap's are those of the control plane. */
function foreignAddresses(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'bootstrap') return [];
    const address = key === 'endpoint' ? (value as Endpoint).address?.socketAddress?.address : undefined;
    return [...(address !== undefined && !address.startsWith('127.') ? [address] : []), ...foreignAddresses(value)];
  });
}

interface Endpoint {
  readonly address?: { readonly socketAddress?: { readonly address?: string } };
}
