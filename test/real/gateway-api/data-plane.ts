// The Gateways of the cluster: for each a process of `meshgw serve` on an address of the loopback network.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

export interface ServedGateway {
  /** `namespace/name`. */
  readonly id: string;
  readonly address: string;
}

export interface DataPlane {
  /** Starts what is new, ends what is gone; what stays reads the folder again by itself. */
  update(gateways: readonly ServedGateway[]): void;
  close(): void;
}

export interface DataPlaneOptions {
  /** Of the objects. */
  readonly folder: string;
  /** Below 1024; others listen where they are without being named. */
  readonly lowPorts: readonly number[];
  /** `--upstream` of `meshgw serve`. */
  readonly upstreams: readonly string[];
  /** For what the processes print. */
  readonly logs: string;
}

/** Until a process that ended is started again. */
const AGAIN_MS = 1_000;

export function startDataPlane({ folder, lowPorts, upstreams, logs }: DataPlaneOptions): DataPlane {
  const running = new Map<string, ChildProcess>();

  const start = ({ id, address }: ServedGateway): void => {
    const flags = [
      ...['-f', folder, '--gateway', id, '--host', address, '--watch', '--access-log', 'off', '-o', 'json'],
      ...['--implementation', 'standard'],
      ...lowPorts.flatMap((port) => ['--listen', `${port}=${port}`]),
      ...upstreams.flatMap((upstream) => ['--upstream', upstream]),
    ];
    const child = spawn(process.execPath, ['bin/meshgw.js', 'serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(logs, `${id.replace('/', '.')}.log`), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    running.set(id, child);
    // Not served as it is now, by itself: tried again until the Gateway is gone.
    child.once('exit', () => {
      if (running.get(id) === child) setTimeout(() => running.get(id) === child && start({ id, address }), AGAIN_MS);
    });
  };

  return {
    update(gateways) {
      for (const [id, child] of [...running]) {
        if (gateways.some((g) => g.id === id)) continue;
        running.delete(id);
        child.kill('SIGKILL');
      }
      for (const gateway of gateways) if (!running.has(gateway.id)) start(gateway);
    },
    close() {
      for (const child of running.values()) child.kill('SIGKILL');
      running.clear();
    },
  };
}
