// `--context NAME`: the objects of a cluster, by kubectl; `--envoy POD.NAMESPACE`: what the Envoy of a pod runs. Nothing is written to the
// cluster. Only kinds that meshgw knows are asked for; of Secrets only names, types and certificates, unless `--with-secrets`.

import { CannotRunError } from '../diagnostics/index.js';
import { outlinedSecret } from '../resources/secrets.js';
import { isRelated, type SourceText } from '../sources/index.js';
import type { InputFlags } from './command.js';
import type { Io } from './io.js';
import { outputOf } from './program.js';

/** Rejects with CannotRunError where kubectl is not there, or cannot do it. */
export async function clusterSources(flags: InputFlags, io: Io): Promise<SourceText[]> {
  if (flags.envoyPod !== undefined) return [await dumpOf(flags.envoyPod, flags, io)];
  return flags.context === undefined ? [] : objectsOf(flags, io);
}

const INSTEAD = 'install it, or name files: kubectl get virtualservices,gateways,services -A -o json | meshgw lint -';

function kubectl(args: readonly string[], { context, kubeconfig }: InputFlags, io: Io): Promise<string> {
  const where = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  return outputOf('kubectl', [...where, ...args], io, INSTEAD);
}

async function objectsOf(flags: InputFlags, io: Io): Promise<SourceText[]> {
  const known = kindsIn(await kubectl(['api-resources', '--verbs=list', '--no-headers'], flags, io));
  const file = `kubectl --context=${flags.context} get`;
  const names = known.filter((name) => name !== 'secrets' || flags.withSecrets);
  const texts: SourceText[] = [];
  if (names.length > 0) {
    const text = await kubectl(['get', names.join(','), '--all-namespaces', '-o', 'json'], flags, io);
    texts.push({ file: `${file} -A -o json`, text });
  }
  if (known.includes('secrets') && !flags.withSecrets)
    texts.push({ file: `${file} secrets -A`, text: await secretOutlines(flags, io) });
  return texts;
}

/** `virtualservices.networking.istio.io`: what `kubectl get` calls the kinds that are read. */
function kindsIn(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [kind = '', , apiVersion = ''] = words.slice(-3).reverse();
    const [plural] = words;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    if (words.length < 4 || !plural || !isRelated(group, kind)) return [];
    return [group === '' ? plural : `${plural}.${group}`];
  });
}

/** Entries of Secrets that hold certificates: those of `kubernetes.io/tls`, and Istio's generic form (tls-secret.ts of serve). */
const CERTIFICATES = ['tls.crt', 'ca.crt', 'cert', 'cacert'];
const KEYS = ['tls.key', 'key'];

/** A line for each Secret, which kubectl writes: fields with `|` between them. The values of keys stay in kubectl. */
const OUTLINE = [
  ...['{{range .items}}{{.metadata.namespace}}', '{{.metadata.name}}', '{{.type}}'],
  ...CERTIFICATES.map((name) => `{{with .data}}{{with index . "${name}"}}{{.}}{{end}}{{end}}`),
  ...KEYS.map((name) => `{{with .data}}{{if index . "${name}"}}${name}{{end}}{{end}}`),
].join('|');

/** Certificates, and which keys there are, so that references to them are known to lead somewhere; other values stay in the cluster. */
async function secretOutlines(flags: InputFlags, io: Io): Promise<string> {
  const args = ['get', 'secrets', '--all-namespaces', '-o', `go-template=${OUTLINE}{{"\\n"}}{{end}}`];
  const items = (await kubectl(args, flags, io)).split('\n').flatMap((line) => {
    const [namespace, name, type, ...rest] = line.trim().split('|');
    if (!namespace || !name) return [];
    const certificates = CERTIFICATES.flatMap((entry, i) => (rest[i] ? [[entry, rest[i]] as const] : []));
    const keys = KEYS.filter((entry, i) => rest[CERTIFICATES.length + i] === entry);
    return [
      outlinedSecret({ namespace, name, type: type ?? '', certificates: Object.fromEntries(certificates), keys }),
    ];
  });
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** Labels and dots of RFC 1123. */
const POD = /^([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)\.([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

/** How the dump is asked for in the pod: Istio's agent, else a client of HTTP in the image. */
const QUESTIONS: readonly (readonly string[])[] = [
  ['pilot-agent', 'request', 'GET', 'config_dump'],
  ['curl', '-sS', 'http://127.0.0.1:15000/config_dump'],
  ['wget', '-qO-', 'http://127.0.0.1:19000/config_dump'],
];

async function dumpOf(name: string, flags: InputFlags, io: Io): Promise<SourceText> {
  const [, pod, namespace] = POD.exec(name) ?? [];
  if (pod === undefined || namespace === undefined)
    throw new CannotRunError(
      `${JSON.stringify(name)} is no pod`,
      'POD.NAMESPACE, e.g. --envoy istio-ingressgateway-7d4b9.istio-system',
    );
  let first: unknown;
  for (const question of QUESTIONS) {
    try {
      const text = await kubectl(['exec', pod, '-n', namespace, '--', ...question], flags, io);
      return { file: `config_dump of ${name}`, text };
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
      first ??= error;
    }
  }
  throw first;
}
