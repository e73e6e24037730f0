// One line for each exchange: Envoy's default text format, or JSON with the same names.
// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string

import type { ExchangeRecord } from './exchange-record.js';
import { headerOf } from './header-list.js';
import { fromWire } from './wire-text.js';

interface Fields {
  readonly start_time: string;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly response_code: number;
  readonly response_flags: string | null;
  readonly bytes_received: number;
  readonly bytes_sent: number;
  /** Ms. */
  readonly duration: number;
  readonly upstream_service_time: number | null;
  readonly x_forwarded_for: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly authority: string;
  readonly upstream_host: string | null;
  readonly upstream_cluster: string | null;
  readonly route_name: string | null;
  readonly upstream_transport_failure_reason: string | null;
  readonly port: number;
}

const PROTOCOL = { 10: 'HTTP/1.0', 11: 'HTTP/1.1', 20: 'HTTP/2' } as const;

/** Control characters could forge lines or colours in a terminal. */
const clean = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  fromWire(text).replace(/[\x00-\x1f\x7f-\x9f"\\]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

function fieldsOf(record: ExchangeRecord): Fields {
  const { request, upstream, decision } = record;
  const sent = upstream?.headers ?? request.headers;
  const header = (name: string) => headerOf(sent, name) ?? null;
  const forwarded = decision?.kind === 'forward' ? decision : undefined;
  const to = forwarded?.destination;
  return {
    start_time: new Date(record.startedAt).toISOString(),
    method: request.method,
    path: request.target,
    protocol: PROTOCOL[request.version],
    response_code: record.status,
    response_flags: record.flags || null,
    bytes_received: record.bytesReceived,
    bytes_sent: record.bytesSent,
    duration: Math.round(record.durationMs),
    upstream_service_time: upstream?.serviceMs === undefined ? null : Math.round(upstream.serviceMs),
    x_forwarded_for: header('x-forwarded-for'),
    user_agent: header('user-agent'),
    request_id: header('x-request-id'),
    authority: upstream?.authority ?? request.authority,
    upstream_host: upstream?.address ?? null,
    upstream_cluster: to ? `outbound|${to.port}|${to.subset ?? ''}|${to.host}` : null,
    route_name: (decision && 'route' in decision && decision.route?.name) || null,
    upstream_transport_failure_reason: record.detail || null,
    port: record.port,
  };
}

export function textLine(record: ExchangeRecord): string {
  const f = fieldsOf(record);
  const or = (value: string | number | null) => (value === null ? '-' : clean(String(value)));
  return (
    `[${f.start_time}] "${f.method} ${clean(f.path)} ${f.protocol}" ${f.response_code} ${or(f.response_flags)} ` +
    `${f.bytes_received} ${f.bytes_sent} ${f.duration} ${or(f.upstream_service_time)} "${or(f.x_forwarded_for)}" ` +
    `"${or(f.user_agent)}" "${or(f.request_id)}" "${clean(f.authority)}" "${or(f.upstream_host)}"\n`
  );
}

export function jsonLine(record: ExchangeRecord): string {
  const fields = fieldsOf(record);
  return `${JSON.stringify(fields, (_key, value) => (typeof value === 'string' ? fromWire(value) : value))}\n`;
}
