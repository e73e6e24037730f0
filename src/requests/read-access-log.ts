// Access logs: Envoy's default text format and Istio's, which is a superset of it (Envoy docs, "Access logging", default format
// string; istio pilot/pkg/model/telemetry_logging.go, EnvoyTextLogFormat), and Istio's JSON (EnvoyJSONLogFormatIstio there).

import { isIP } from 'node:net';
import { own, type ResultDestination } from '../model/index.js';
import { isTlsPort, portOfAuthority } from './authority.js';
import { destinationOfCluster } from './cluster-name.js';
import type { ExpectedResult, RequestCase } from './expectation.js';
import { type Fields, isFields } from './fields.js';

/** What a line says; `-` is nothing. */
interface Entry {
  readonly method: string;
  readonly path: string;
  readonly code: number;
  readonly flags: string;
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly authority: string;
  readonly upstreamHost: string;
  /** Istio's formats only, as is the server name. */
  readonly cluster: string;
  /** Absent: the format does not say it. */
  readonly serverName?: string;
}

/** `[time] "METHOD PATH PROTOCOL" CODE FLAGS …`. */
const LINE = /^\[[^\]]*\]\s+"(\S+) (\S+) [^"]*"\s+(\d+)\s+(\S+)\s+(.*)$/;

const lineReader = (line: string) => (line.startsWith('{') ? jsonEntry : textEntry);

export function looksLikeAccessLog(text: string): boolean {
  const line = text
    .split('\n', 50)
    .find((l) => l.trim() !== '')
    ?.trim();
  return line !== undefined && (LINE.test(line) || (line.startsWith('{') && jsonEntry(line) !== undefined));
}

export function readAccessLog(text: string, notes: string[]): RequestCase[] {
  const cases: RequestCase[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const entry = lineReader(trimmed)(trimmed);
    if (entry && entry.method !== '-') cases.push(caseOf(entry, i + 1));
    else notes.push(`line ${i + 1} is not an access log line`);
  }
  return cases;
}

function textEntry(line: string): Entry | undefined {
  const m = LINE.exec(line);
  if (!m) return undefined;
  const [, method, path, code, flags, rest] = m as unknown as [string, string, string, string, string, string];
  // The last five quoted values are x-forwarded-for, user-agent, x-request-id, authority and upstream host, in both formats.
  const last = [...rest.matchAll(/"([^"]*)"/g)].slice(-5);
  if (last.length < 5) return undefined;
  const [forwardedFor, userAgent, , authority, upstreamHost] = last.map((q) => q[1]!);
  const after = rest
    .slice(last[4]!.index + last[4]![0].length)
    .trim()
    .split(/\s+/);
  // Istio: cluster, upstream local, downstream local, downstream remote, server name, route name.
  const [cluster = '', , , , serverName] = after;
  return {
    method,
    path,
    code: Number(code),
    flags,
    forwardedFor: forwardedFor!,
    userAgent: userAgent!,
    authority: authority!,
    upstreamHost: upstreamHost!,
    cluster: cluster || '-',
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/** Values that are not there are null. */
function jsonEntry(line: string): Entry | undefined {
  const fields = parsed(line);
  const text = (name: string): string => {
    const value = own(fields, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
  };
  if (!fields || ['method', 'path', 'authority', 'response_code'].some((name) => !Object.hasOwn(fields, name)))
    return undefined;
  return {
    method: text('method'),
    path: text('path'),
    code: Number(text('response_code')),
    flags: text('response_flags'),
    forwardedFor: text('x_forwarded_for'),
    userAgent: text('user_agent'),
    authority: text('authority'),
    upstreamHost: text('upstream_host'),
    cluster: text('upstream_cluster'),
    serverName: text('requested_server_name'),
  };
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function caseOf(entry: Entry, number: number): RequestCase {
  const { authority, serverName, userAgent } = entry;
  const named = serverName !== undefined && serverName !== '-' && serverName !== '';
  const port = portOfAuthority(authority);
  const https = named || isTlsPort(port);
  const source = entry.forwardedFor.split(',').at(-1)!.trim();
  return {
    name: `line ${number}`,
    request: {
      port: port ?? (https ? 443 : 80),
      scheme: https ? 'https' : 'http',
      method: entry.method,
      host: authority === '-' ? '' : authority,
      path: entry.path,
      ...(userAgent && userAgent !== '-' ? { headers: { 'user-agent': userAgent } } : {}),
      // Envoy's own format does not say the server name: then it is the host. Istio's says `-` where none was sent.
      ...(https && serverName !== undefined ? { sni: named ? serverName : null } : {}),
      // Other words than an address (RFC 7239 has `unknown`) say nothing.
      ...(isIP(source) ? { source } : {}),
    },
    expected: expectedOf(entry, entry.cluster === '-' ? undefined : destinationOfCluster(entry.cluster)),
  };
}

/** What the log says about the gateway itself: an application's status says nothing. */
function expectedOf({ code, flags, upstreamHost }: Entry, destination: ResultDestination | undefined): ExpectedResult {
  if (flags === 'NR' || flags === 'NC') return { status: code, flags };
  if (destination) return { destination };
  return upstreamHost === '-' && flags === '-' && code > 0 ? { status: code, destination: null } : {};
}
