// Access logs in Envoy's default text format, and Istio's, which is a superset of it
// (Envoy docs, "Access logging", default format string; istio pilot/pkg/model/telemetry_logging.go, EnvoyTextLogFormat).

import { isIP } from 'node:net';
import type { ResultDestination } from '../model/index.js';
import { isTlsPort, portOfAuthority } from './authority.js';
import { destinationOfCluster } from './cluster-name.js';
import type { ExpectedResult, RequestCase } from './expectation.js';

/** `[time] "METHOD PATH PROTOCOL" CODE FLAGS …`. */
const LINE = /^\[[^\]]*\]\s+"(\S+) (\S+) ([^"]*)"\s+(\d+)\s+(\S+)\s+(.*)$/;

export const looksLikeAccessLog = (text: string): boolean =>
  LINE.test(
    text
      .split('\n', 50)
      .find((l) => l.trim() !== '')
      ?.trim() ?? '',
  );

export function readAccessLog(text: string, notes: string[]): RequestCase[] {
  const cases: RequestCase[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line.trim(), i + 1);
    if (read) cases.push(read);
    else notes.push(`line ${i + 1} is not an access log line`);
  }
  return cases;
}

function readLine(line: string, number: number): RequestCase | undefined {
  const m = LINE.exec(line);
  if (!m) return undefined;
  const [, method, path, protocol, code, flags, rest] = m as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (method === '-') return undefined;
  // The last five quoted values are x-forwarded-for, user-agent, x-request-id, authority and upstream host, in both formats.
  const quoted = [...rest.matchAll(/"([^"]*)"/g)];
  const last = quoted.slice(-5);
  if (last.length < 5) return undefined;
  const [forwardedFor, userAgent, , authority, upstreamHost] = last.map((q) => q[1]!);
  const after = rest
    .slice(last[4]!.index + last[4]![0].length)
    .trim()
    .split(/\s+/);
  // Istio: cluster, upstream local, downstream local, downstream remote, server name, route name.
  const [cluster, , , , serverName] = after;
  const named = serverName !== undefined && serverName !== '-' && serverName !== '';
  const port = portOfAuthority(authority!);
  const https = named || isTlsPort(port);
  const source = forwardedFor!.split(',').at(-1)!.trim();
  return {
    name: `line ${number}`,
    request: {
      port: port ?? (https ? 443 : 80),
      scheme: https ? 'https' : 'http',
      method,
      host: authority === '-' ? '' : authority!,
      path,
      ...(userAgent && userAgent !== '-' ? { headers: { 'user-agent': userAgent } } : {}),
      // Envoy's own format does not say the server name: then it is the host. Istio's says `-` where none was sent.
      ...(https && serverName !== undefined ? { sni: named ? serverName : null } : {}),
      // Other words than an address (RFC 7239 has `unknown`) say nothing.
      ...(isIP(source) ? { source } : {}),
    },
    expected: expectedOf(
      Number(code),
      flags,
      cluster === undefined || cluster === '-' ? undefined : destinationOfCluster(cluster),
      upstreamHost!,
      protocol,
    ),
  };
}

/** What the log says about the gateway itself: an application's status says nothing. */
function expectedOf(
  status: number,
  flags: string,
  destination: ResultDestination | undefined,
  upstreamHost: string,
  _protocol: string,
): ExpectedResult {
  if (flags === 'NR' || flags === 'NC') return { status, flags };
  if (destination) return { destination };
  return upstreamHost === '-' && flags === '-' && status > 0 ? { status, destination: null } : {};
}
