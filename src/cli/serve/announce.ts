// What serve prints when it listens: where, and how to ask it.

import {
  counted,
  type DomainPattern,
  type EffectiveGateway,
  type FilterChain,
  type VirtualHost,
} from '../../model/index.js';
import { visible } from '../../report/visible.js';
import type { RunningServer } from '../../serve/index.js';
import type { Io } from '../io.js';
import type { ServeFlags } from './flags.js';

export interface Announced {
  /** Local port of the admin pages. */
  readonly admin?: number | undefined;
  /** File of the CA, as the user named it. */
  readonly caFile?: string | undefined;
}

export async function announce(
  running: RunningServer,
  { admin, caFile }: Announced,
  flags: ServeFlags,
  io: Io,
): Promise<void> {
  await running.prepareCertificates();
  const ca = running.ca();
  const listening = Object.fromEntries(running.listening);
  if (flags.output === 'json') {
    io.stdout.write(
      `${JSON.stringify({ listening, ...(admin === undefined ? {} : { admin }), ...(ca === undefined ? {} : { ca }) })}\n`,
    );
    return;
  }
  const host = flags.host ?? '127.0.0.1';
  const { gateway } = running.config();
  const lines = [`gateway ${gateway.id}`];
  if (running.listening.size === 0) lines.push('  no listeners: nothing to serve yet');
  for (const [port, local] of running.listening) lines.push(`  port ${port} on ${host}:${local}`);
  if (admin !== undefined) lines.push(`  admin on http://127.0.0.1:${admin}`);
  const ways = curlLines(gateway, running.listening, { host, caFile });
  if (ways.length > 0) lines.push('try:');
  for (const line of ways) lines.push(`  ${line}`);
  if (caFile !== undefined) lines.push(`certificates without a Secret are signed by the CA in ${caFile}`);
  io.stdout.write(lines.map((line) => `${visible(line)}\n`).join(''));
  if (ca !== undefined && caFile === undefined)
    io.stdout.write(
      `certificates were generated, signed by this CA (--ca-out FILE writes it for curl --cacert FILE):\n${ca}\n`,
    );
  for (const item of gateway.unsupported)
    io.stderr.write(visible(`not served as configured: ${item.feature}: ${item.detail}`).concat('\n'));
}

/** Hosts that are shown; the others are counted. */
const MOST_HOSTS = 8;

/** One request for each host: its first route, as far as a path tells. */
export function curlLines(
  gateway: EffectiveGateway,
  listening: ReadonlyMap<number, number>,
  { host, caFile }: { readonly host: string; readonly caFile?: string | undefined },
): string[] {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const lines: string[] = [];
  for (const { port, filterChains } of gateway.listeners) {
    const local = listening.get(port);
    if (local === undefined) continue;
    for (const chain of filterChains) {
      if (chain.kind !== 'http') continue;
      for (const virtualHost of chain.virtualHosts) {
        const name = nameFor(virtualHost, chain);
        if (name !== undefined && virtualHost.routes.length > 0)
          lines.push(
            curlLine({ name, local, address, path: pathOf(virtualHost), secure: chain.tls !== undefined, caFile }),
          );
      }
    }
  }
  const known = [...new Set(lines)];
  const more = known.length - MOST_HOSTS;
  return more > 0 ? [...known.slice(0, MOST_HOSTS), `# and ${counted(more, 'more host')}: meshgw routes`] : known;
}

interface Way {
  /** Null: any host. */
  readonly name: string | null;
  readonly local: number;
  readonly address: string;
  readonly path: string;
  readonly secure: boolean;
  readonly caFile: string | undefined;
}

function curlLine({ name, local, address, path, secure, caFile }: Way): string {
  const bracketed = address.includes(':') ? `[${address}]` : address;
  const resolve = name === null ? [] : ['--resolve', `${name}:${local}:${bracketed}`];
  const trust = !secure ? [] : caFile === undefined ? ['--insecure'] : ['--cacert', caFile];
  const url = `${secure ? 'https' : 'http'}://${name ?? bracketed}:${local}${path}`;
  return ['curl', ...resolve, ...trust, url].map(shellWord).join(' ');
}

/** Names and paths come from files: nothing in them may be more than a word. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Undefined: no name that can be asked for. */
function nameFor({ domains }: VirtualHost, chain: FilterChain): string | null | undefined {
  const exact = domains.find((domain) => domain.kind === 'exact');
  if (exact?.kind === 'exact') return exact.value;
  // Where TLS chooses by name, any name will not do.
  const byName = chain.match.sni?.find((domain) => domain.kind !== 'any');
  return exampleOf(domains[0]) ?? exampleOf(byName) ?? (domains[0]?.kind === 'any' ? null : undefined);
}

function exampleOf(domain: DomainPattern | undefined): string | undefined {
  if (domain === undefined || domain.kind === 'any') return undefined;
  if (domain.kind === 'exact') return domain.value;
  return domain.value.startsWith('.') ? `any${domain.value}` : undefined;
}

function pathOf({ routes }: VirtualHost): string {
  const path = routes[0]?.match.path;
  const value =
    path !== undefined && (path.kind === 'exact' || path.kind === 'prefix' || path.kind === 'segment-prefix')
      ? path.value
      : '/';
  return value.startsWith('/') ? encodeURI(value) : '/';
}
