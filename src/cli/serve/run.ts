// One process that serves: files to a gateway, a gateway to sockets, until it is stopped.

import { EXIT } from '../../diagnostics/index.js';
import { withoutHalfPairs } from '../../resources/secrets.js';
import type { RunningServer, ServedConfig, ServeOptions } from '../../serve/index.js';
import { emptyMemory } from '../../sources/memory.js';
import type { Io } from '../io.js';
import type { ServeFlags } from './flags.js';
import { exchangeCallback, type Outputs } from './outputs.js';

type Ports = Required<Pick<ServeOptions, 'listen' | 'upstreams'>>;

/** What surrounds it: alone in its process, or a worker among several. */
export interface Surroundings {
  /** Ports, upstreams, and what several processes have in common. */
  readonly options: ServeOptions & Ports;
  /** What the user asked for, where `options` hold more. */
  readonly asked?: Ports;
  /** A sentence about requests and connections. */
  readonly notice: (text: string) => void;
  /** A sentence about the configuration: each worker has the same. */
  readonly common: (text: string) => void;
  readonly onBug: (error: unknown) => void;
  /** Called when the configuration is known to be good, before it listens. */
  open(): Outputs;
  /** Called when it listens; resolves when it shall end. */
  until(running: RunningServer): Promise<void>;
}

/** Resolves with an exit code. Rejects with CannotRunError where the configuration cannot be served. `io`: for reading it. */
export async function runGateway(
  paths: readonly string[],
  flags: ServeFlags,
  { options, asked = options, notice, common, onBug, open, until }: Surroundings,
  io: Io,
): Promise<number> {
  const [
    { loadConfig },
    { chooseGateway },
    gateway,
    { verifyTokens },
    { routeChanges },
    { readyWatch, reloadText, sameCertificates },
  ] = await Promise.all([
    import('../load.js'),
    import('../../api/choose-gateway.js'),
    import('../../serve/index.js'),
    import('../../tokens/index.js'),
    import('../../diff/index.js'),
    import('./watch.js'),
  ]);
  const memory = flags.watch ? emptyMemory() : undefined;
  const load = async (): Promise<ServedConfig> => {
    const config = await loadConfig(flags, paths, io, memory);
    await (await import('../refused.js')).sayRefused(config, io);
    const { all } = config.catalog;
    return {
      gateway: chooseGateway(config.gateways, flags.gateway),
      secrets: gateway.tlsSecrets(all.map(withoutHalfPairs)),
      authorities: gateway.authoritiesOf(all),
    };
  };
  const watch = flags.watch ? await readyWatch(flags, paths, { notice: common, onBug }, io) : undefined;
  const first = await load();
  const { unusedFlags } = await import('./unused.js');
  for (const text of unusedFlags(first.gateway, asked)) common(`note: ${text}`);
  let current = first;
  const onExchange = await exchangeCallback(open(), flags, { current: () => current.gateway, onBug });
  // From the first connection on nothing but the user ends it.
  io.keepRunning?.({ onError: onBug, onNotice: notice });
  const running = await gateway.startServer(first, {
    ...options,
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.verifyUpstreams ? { verifyUpstreams: true } : {}),
    ...(onExchange && { onExchange }),
    checkTokens: verifyTokens,
    onNotice: notice,
    onBug,
  });
  const watcher = watch?.begin(async () => {
    const next = await load();
    await running.reload(next);
    const before = current;
    current = next;
    const changes = routeChanges(before.gateway, next.gateway);
    return reloadText(changes, [...running.listening.keys()], !sameCertificates(before, next));
  });
  try {
    await until(running);
    common('draining: open requests may finish');
  } catch (error) {
    await running.close();
    throw error;
  } finally {
    watcher?.close();
  }
  await running.drain();
  return EXIT.ok;
}
