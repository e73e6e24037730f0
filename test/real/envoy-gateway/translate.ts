// `egctl x translate`, without a cluster: Envoy's configuration for the Gateways of a file. Services get addresses of the
// loopback network, because Envoy Gateway routes to their `clusterIP`: an Envoy that runs the result reaches nothing else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CannotRunError } from '../../../src/diagnostics/index.js';
import { goProgram } from '../go-program.js';

/** As egctl prints it: dumps in the shape of Envoy's `/config_dump`, by `namespace/name` of the Gateway. */
export interface Translation {
  readonly xds: Readonly<Record<string, { readonly configs: readonly Readonly<Record<string, unknown>>[] }>>;
}

/** @returns the translation. @throws CannotRunError where egctl refuses the file, with its words. */
export function translate(yaml: string): Translation {
  const egctl = goProgram('envoy-gateway', 'github.com/envoyproxy/gateway/cmd/egctl');
  const folder = mkdtempSync(join(tmpdir(), 'meshgw-envoy-gateway-'));
  try {
    const file = join(folder, 'input.yaml');
    writeFileSync(file, withLoopbackServices(yaml));
    const args = ['x', 'translate', '--from', 'gateway-api', '--to', 'xds', '-o', 'json', '-f', file];
    const printed = execFileSync(egctl, args, { encoding: 'utf8', stdio: 'pipe', timeout: 60_000, maxBuffer: 1e9 });
    const translation = JSON.parse(printed) as Translation;
    const foreign = foreignAddresses(translation);
    if (foreign.length > 0)
      throw new CannotRunError(`the translation has addresses outside of the loopback network: ${foreign.join(', ')}`);
    return translation;
  } catch (e) {
    if (e instanceof Error && 'stderr' in e) throw new CannotRunError(`egctl: ${String(e.stderr).trim()}`);
    throw e;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function printTranslation([file = '']: readonly string[]): Promise<boolean> {
  console.log(JSON.stringify(translate(readFileSync(file, 'utf8')), null, 2));
  return true;
}

/** Each Service with an address of the loopback network of its own, in the order of the file. */
function withLoopbackServices(yaml: string): string {
  let n = 0;
  return parseAllDocuments(yaml, { version: '1.1' })
    .map((document) => {
      if (document.get('kind') === 'Service') {
        document.setIn(['spec', 'clusterIP'], `127.92.${Math.floor(n / 250)}.${(n % 250) + 1}`);
        n++;
      }
      return String(document);
    })
    .join('---\n');
}

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
