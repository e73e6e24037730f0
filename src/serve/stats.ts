// Counters of a running gateway, and how Prometheus reads them.

/** Upper bounds of the latency histogram. Ms. */
const BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

interface Series {
  requests: number;
  durationMs: number;
  readonly buckets: number[];
}

export interface Stats {
  connections: number;
  connectionsTotal: number;
  connectionsRefused: number;
  malformed: number;
  retries: number;
  mirrorsDropped: number;
  reloads: number;
  reloadsFailed: number;
  active: number;
  readonly startedAt: number;
  /** `destination` is empty where the gateway answered by itself. */
  count(destination: string, status: number, flags: string, durationMs: number): void;
  totals(): { requests: number; byStatus: Record<string, number>; byFlag: Record<string, number> };
  /** Prometheus text format 0.0.4. */
  prometheus(): string;
}

export function createStats(): Stats {
  const byStatus = new Map<number, number>();
  const byFlag = new Map<string, number>();
  const series = new Map<string, Series>();
  const stats: Stats = {
    connections: 0,
    connectionsTotal: 0,
    connectionsRefused: 0,
    malformed: 0,
    retries: 0,
    mirrorsDropped: 0,
    reloads: 0,
    reloadsFailed: 0,
    active: 0,
    startedAt: Date.now(),
    count(destination, status, flags, durationMs) {
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      if (flags !== '') for (const flag of flags.split(',')) byFlag.set(flag, (byFlag.get(flag) ?? 0) + 1);
      let one = series.get(destination);
      if (one === undefined) {
        one = { requests: 0, durationMs: 0, buckets: new Array<number>(BOUNDS.length).fill(0) };
        series.set(destination, one);
      }
      one.requests++;
      one.durationMs += durationMs;
      let at = 0;
      while (at < BOUNDS.length && durationMs > (BOUNDS[at] as number)) at++;
      if (at < BOUNDS.length) one.buckets[at] = (one.buckets[at] as number) + 1;
    },
    totals() {
      let requests = 0;
      for (const n of byStatus.values()) requests += n;
      return { requests, byStatus: Object.fromEntries(byStatus), byFlag: Object.fromEntries(byFlag) };
    },
    prometheus: () => render(stats, byStatus, byFlag, series),
  };
  return stats;
}

const quoted = (value: string) => `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

function render(
  stats: Stats,
  byStatus: ReadonlyMap<number, number>,
  byFlag: ReadonlyMap<string, number>,
  series: ReadonlyMap<string, Series>,
): string {
  const lines: string[] = [];
  const metric = (
    name: string,
    type: string,
    help: string,
    values: readonly (readonly [labels: string, value: number])[],
  ) => {
    lines.push(`# HELP meshgw_${name} ${help}`, `# TYPE meshgw_${name} ${type}`);
    for (const [labels, value] of values) lines.push(`meshgw_${name}${labels} ${value}`);
  };
  metric('connections', 'gauge', 'Open client connections.', [['', stats.connections]]);
  metric('connections_total', 'counter', 'Client connections accepted.', [['', stats.connectionsTotal]]);
  metric('connections_refused_total', 'counter', 'Client connections closed without an answer.', [
    ['', stats.connectionsRefused],
  ]);
  metric('malformed_requests_total', 'counter', 'Requests that were answered before routing.', [['', stats.malformed]]);
  metric('requests_active', 'gauge', 'Requests in flight.', [['', stats.active]]);
  metric('retries_total', 'counter', 'Attempts beyond the first.', [['', stats.retries]]);
  metric('mirrors_dropped_total', 'counter', 'Mirrored requests that were cut off.', [['', stats.mirrorsDropped]]);
  metric('reloads_total', 'counter', 'Configurations taken.', [['', stats.reloads]]);
  metric('reloads_failed_total', 'counter', 'Configurations refused.', [['', stats.reloadsFailed]]);
  metric(
    'responses_total',
    'counter',
    'Answers by status; 0: none.',
    [...byStatus].map(([s, n]) => [`{status="${s}"}`, n]),
  );
  metric(
    'response_flags_total',
    'counter',
    "Answers by Envoy's response flag.",
    [...byFlag].map(([f, n]) => [`{flag=${quoted(f)}}`, n]),
  );
  lines.push('# HELP meshgw_request_duration_ms Time from the head of a request to the end of its answer.');
  lines.push('# TYPE meshgw_request_duration_ms histogram');
  for (const [destination, one] of series) {
    const label = `destination=${quoted(destination)}`;
    let sum = 0;
    BOUNDS.forEach((bound, i) => {
      sum += one.buckets[i] ?? 0;
      lines.push(`meshgw_request_duration_ms_bucket{${label},le="${bound}"} ${sum}`);
    });
    lines.push(`meshgw_request_duration_ms_bucket{${label},le="+Inf"} ${one.requests}`);
    lines.push(
      `meshgw_request_duration_ms_sum{${label}} ${one.durationMs}`,
      `meshgw_request_duration_ms_count{${label}} ${one.requests}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
