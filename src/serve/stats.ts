// Counters of a running gateway, of one process or of several together, and how Prometheus reads them.

/** Upper bounds of the latency histogram. Ms. */
const BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** Requests to one destination. */
interface Series {
  requests: number;
  durationMs: number;
  readonly buckets: number[];
}

const GAUGES = { connections: 0, active: 0 };
const COUNTERS = {
  connectionsTotal: 0,
  connectionsRefused: 0,
  malformed: 0,
  retries: 0,
  mirrorsDropped: 0,
  reloads: 0,
  reloadsFailed: 0,
};
type Numbers = { -readonly [name in keyof typeof GAUGES | keyof typeof COUNTERS]: number };

/** The counters as data that another process can read. */
export interface Counts extends Readonly<Numbers> {
  readonly byStatus: readonly (readonly [status: number, count: number])[];
  readonly byFlag: readonly (readonly [flag: string, count: number])[];
  readonly byDestination: readonly (readonly [destination: string, series: Readonly<Series>])[];
}

export interface Stats extends Numbers {
  /** `destination` is empty where the gateway answered by itself. */
  count(destination: string, status: number, flags: string, durationMs: number): void;
  counts(): Counts;
}

export function createStats(): Stats {
  const byStatus = new Map<number, number>();
  const byFlag = new Map<string, number>();
  const series = new Map<string, Series>();
  const stats: Stats = {
    ...GAUGES,
    ...COUNTERS,
    count(destination, status, flags, durationMs) {
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      if (flags !== '') for (const flag of flags.split(',')) byFlag.set(flag, (byFlag.get(flag) ?? 0) + 1);
      const one = seriesOf(series, destination);
      one.requests++;
      one.durationMs += durationMs;
      let at = 0;
      while (at < BOUNDS.length && durationMs > (BOUNDS[at] as number)) at++;
      if (at < BOUNDS.length) one.buckets[at] = (one.buckets[at] as number) + 1;
    },
    counts() {
      const { count: _count, counts: _counts, ...numbers } = stats;
      return { ...numbers, byStatus: [...byStatus], byFlag: [...byFlag], byDestination: [...series] };
    },
  };
  return stats;
}

function seriesOf(all: Map<string, Series>, destination: string): Series {
  let one = all.get(destination);
  if (one === undefined) {
    one = { requests: 0, durationMs: 0, buckets: new Array<number>(BOUNDS.length).fill(0) };
    all.set(destination, one);
  }
  return one;
}

/** Counters of several processes, together. */
export function sumOf(all: readonly Counts[]): Counts {
  const numbers: Numbers = { ...GAUGES, ...COUNTERS };
  const byStatus = new Map<number, number>();
  const byFlag = new Map<string, number>();
  const byDestination = new Map<string, Series>();
  for (const one of all) {
    for (const name of Object.keys(numbers) as (keyof Numbers)[]) numbers[name] += one[name];
    addTo(byStatus, one.byStatus);
    addTo(byFlag, one.byFlag);
    for (const [destination, { requests, durationMs, buckets }] of one.byDestination) {
      const sum = seriesOf(byDestination, destination);
      sum.requests += requests;
      sum.durationMs += durationMs;
      for (const [i, n] of buckets.entries()) sum.buckets[i] = (sum.buckets[i] ?? 0) + n;
    }
  }
  return { ...numbers, byStatus: [...byStatus], byFlag: [...byFlag], byDestination: [...byDestination] };
}

function addTo<K>(sums: Map<K, number>, counts: readonly (readonly [K, number])[]): void {
  for (const [key, n] of counts) sums.set(key, (sums.get(key) ?? 0) + n);
}

/** What is left of a process that has ended: what it has counted, and nothing that is open. */
export const ended = (counts: Counts): Counts => ({ ...counts, ...GAUGES });

const quoted = (value: string) => `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;

/** Prometheus text format 0.0.4. `workers`: processes that are counted; absent: this one alone. */
export function prometheusText(stats: Counts, workers?: number): string {
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
  if (workers !== undefined) metric('workers', 'gauge', 'Processes that share the ports.', [['', workers]]);
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
    stats.byStatus.map(([s, n]) => [`{status="${s}"}`, n]),
  );
  metric(
    'response_flags_total',
    'counter',
    "Answers by Envoy's response flag.",
    stats.byFlag.map(([f, n]) => [`{flag=${quoted(f)}}`, n]),
  );
  lines.push('# HELP meshgw_request_duration_ms Time from the head of a request to the end of its answer.');
  lines.push('# TYPE meshgw_request_duration_ms histogram');
  for (const [destination, one] of stats.byDestination) {
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
