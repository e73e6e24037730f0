// The translations that are compared: each takes a file and says what it wrote, what it warned of, and whether it gave up.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { writerOf } from '../../../src/api/writers.js';
import { convert } from '../../../src/convert/convert.js';
import { FEATURES } from '../../../src/convert/features/index.js';
import { isLoss } from '../../../src/convert/item.js';
import { toYaml } from '../../../src/convert/to-yaml.js';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { catalogOf } from '../../../src/resources/catalog.js';
import { locate, parseSource } from '../../../src/sources/index.js';

export interface Written {
  readonly yaml: string;
  /** It ended with an error, or refused a part of the file. */
  readonly failed: boolean;
  /** Differences and work that it names, each once. */
  readonly warnings: number;
}

export interface Tool {
  readonly name: string;
  readonly convert: (file: string) => Written;
}

export const MODULE = 'github.com/kubernetes-sigs/ingress2gateway';
export const VERSION = 'v1.1.0';

export const meshgw = (to: 'istio' | 'gateway-api'): Tool => ({
  name: `meshgw, to ${to === 'istio' ? 'Istio' : 'Gateway API'}`,
  convert(file) {
    const catalog = catalogOf(parseSource(file, readFileSync(file)).resources);
    const { objects, origins, remarks, items } = convert(catalog, { from: 'ingress', to }, writerOf, {}, {});
    const losses = items.filter(isLoss).filter(({ key }) => FEATURES[key].group !== 'carriage');
    return {
      yaml: toYaml(objects, origins, locate, remarks),
      failed: items.some(({ severity }) => severity === 'refused'),
      warnings: new Set(losses.map(({ feature, message }) => `${feature} ${message}`)).size,
    };
  },
});

/**
 * Default flags, but for the class of the file. Its GatewayClass is taken for Istio's. From files it reads no Services, as it would from a
 * cluster: named ports that a Service of the file resolves are given to it as numbers.
 */
export function ingress2gateway(): Tool {
  const program = programOf();
  return {
    name: `ingress2gateway ${VERSION.slice(1)}, to Gateway API`,
    convert(file) {
      const input = join(mkdtempSync(join(tmpdir(), 'meshgw-peers-')), 'input.yaml');
      writeFileSync(input, withNumbers(readFileSync(file, 'utf8')));
      const args = ['print', '--no-color', '-A', '--providers', 'ingress-nginx', '--input-file', input];
      const ended = run(program, [...args, '--ingress-nginx-ingress-class', classOf(file)]);
      rmSync(dirname(input), { recursive: true });
      const boxes = ended.said.split(/^┌─ /m).slice(1);
      const bodies = boxes
        .filter((box) => !box.startsWith('INFO'))
        .map((box) => box.replace(/^│ {2}(source|object):.*$/gm, ''));
      const written = /^apiVersion:/m.test(ended.written);
      return {
        yaml: written ? ended.written.replace(/^(\s*gatewayClassName:).*$/gm, '$1 istio') : '',
        failed: ended.failed || !written || boxes.some((box) => box.startsWith('ERROR')),
        warnings: new Set(bodies).size,
      };
    },
  };
}

/** Of the first Ingress. */
function classOf(file: string): string {
  const first = objectsOf(readFileSync(file, 'utf8')).find(({ kind }) => kind === 'Ingress');
  const annotation = first?.metadata.annotations?.['kubernetes.io/ingress.class'];
  return first?.spec?.ingressClassName ?? annotation ?? 'nginx';
}

interface FileObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Spec;
}

interface Spec {
  readonly ingressClassName?: string;
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
}

const objectsOf = (text: string): FileObject[] =>
  parseAllDocuments(text, { version: '1.1' }).flatMap((document) =>
    document.contents ? [document.toJS() as FileObject] : [],
  );

/** The text with the numbers of its own Services in place of names of their ports. */
function withNumbers(text: string): string {
  const objects = objectsOf(text);
  const numberOf = (namespace: string, service: unknown, name: unknown): number | undefined =>
    objects
      .find(
        (o) => o.kind === 'Service' && o.metadata.name === service && (o.metadata.namespace ?? 'default') === namespace,
      )
      ?.spec?.ports?.find((port) => port.name === name)?.port;
  const replaced = objects.map((object) => {
    const namespace = object.metadata.namespace ?? 'default';
    return JSON.stringify(object, (_, value: unknown) => {
      const { name, port } = (value ?? {}) as { name?: unknown; port?: { name?: unknown } };
      const number =
        typeof port === 'object' && port?.name !== undefined ? numberOf(namespace, name, port.name) : undefined;
      return number === undefined ? value : { ...(value as object), port: { number } };
    });
  });
  return replaced.join('\n---\n');
}

function run(
  program: string,
  args: readonly string[],
): { readonly written: string; readonly said: string; readonly failed: boolean } {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  return { written: stdout ?? '', said: stderr ?? '', failed: status !== 0 };
}

/**
 * `INGRESS2GATEWAY` names a binary; else it is compiled from its Go module. Throws CannotRunError with Go's words where the module proxy
 * does not serve it.
 */
function programOf(): string {
  const given = process.env.INGRESS2GATEWAY;
  if (given) return resolve(given);
  const folder = resolve('.cache/real/ingress2gateway');
  const program = join(folder, 'ingress2gateway');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  process.stderr.write('compiling ingress2gateway (minutes the first time) …\n');
  try {
    execFileSync('go', ['install', `${MODULE}@${VERSION}`], { env: { ...process.env, GOBIN: folder }, stdio: 'pipe' });
  } catch (e) {
    const { code, stderr } = e as { code?: string; stderr?: Buffer };
    if (code === 'ENOENT')
      throw new CannotRunError('Go is not installed', 'ingress2gateway is compiled from its Go module: go.dev/dl');
    throw new CannotRunError(
      `ingress2gateway cannot be compiled (go install ${MODULE}@${VERSION}): ${String(stderr).trim().split('\n').at(-1)}`,
      'where the module proxy does not serve it: INGRESS2GATEWAY=<path of its binary> npm run peers',
    );
  }
  return program;
}
