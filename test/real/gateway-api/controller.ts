// What stands between the cluster and meshgw: after every change the objects are written to a folder, as a user would keep them, and what
// `meshgw status` says of them becomes their status.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load as loadConfig } from '../../../src/api/load.js';
import { status as statusOf } from '../../../src/api/status.js';
import type { EffectiveGateway } from '../../../src/model/index.js';
import type { ServedGateway } from './data-plane.js';
import { keepPods } from './gateway-pods.js';
import type { Fields, KubeObject, Store } from './store.js';

export interface ControllerOptions {
  /** Where the objects are written. */
  readonly folder: string;
  /** The class whose Gateways are served. */
  readonly className: string;
  /** Of a Gateway that asks for none. */
  addressOf(gateway: KubeObject): string;
  /** `--gateway-addresses`. */
  readonly addresses: string;
  /** Called with the class's Gateways. */
  serve(gateways: readonly ServedGateway[]): void;
}

export interface Controller {
  /** Of the objects that were read last. */
  gateways(): readonly EffectiveGateway[];
}

/** Changes that come so close together are read at once. Ms. */
const QUIET_MS = 40;
/** Kinds that a folder of configuration holds. */
const LEFT_OUT = new Set(['Pod', 'Deployment', 'CustomResourceDefinition', 'ServiceAccount']);

export function startController(store: Store, options: ControllerOptions): Controller {
  let gateways: readonly EffectiveGateway[] = [];
  let running = false;
  let again = false;

  const pass = async (): Promise<void> => {
    const objects = store.kinds
      .flatMap((k) => store.list(k.kind))
      .filter((o) => !LEFT_OUT.has(o.kind))
      .map(({ status, ...object }) => object as KubeObject);
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const file = join(options.folder, 'objects.json');
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    const config = await loadConfig([{ file: 'objects.json', text }], {
      implementation: 'standard',
      flags: { 'gateway-addresses': options.addresses },
    });
    gateways = config.gateways;
    const { items } = statusOf(config);
    const own = objects.filter((o) => o.kind === 'Gateway' && o.spec.gatewayClassName === options.className);
    for (const { kind, metadata, status } of items) {
      const current = store.find(kind, metadata.namespace, metadata.name);
      const found = store.kinds.find((k) => k.kind === kind);
      if (current === undefined || found === undefined) continue;
      const timed = withTimes(status, current.status) as Fields;
      if (kind === 'Gateway') timed.addresses ??= [{ type: 'IPAddress', value: options.addressOf(current) }];
      store.updateStatus(found, { metadata: current.metadata, status: timed });
    }
    const served = own.flatMap(({ metadata: { namespace, name } }): ServedGateway[] => {
      const address: string | undefined = store.find('Gateway', namespace, name)?.status?.addresses?.[0]?.value;
      return address === undefined ? [] : [{ id: `${namespace}/${name}`, address }];
    });
    const resources = config.catalog.ofKind('gateway.networking.k8s.io/Gateway');
    keepPods(
      store,
      resources.filter((r) => own.some((o) => o.metadata.namespace === r.namespace && o.metadata.name === r.name)),
    );
    options.serve(served);
  };

  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await pass().catch((error: unknown) => console.error('meshgw status:', error));
    } while (again);
    running = false;
  };

  let timer: NodeJS.Timeout | undefined;
  store.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(run, QUIET_MS);
  });
  return { gateways: () => gateways };
}

/** Conditions keep their time while their status stays the same; lists of statuses are compared by what names their entries. */
function withTimes(status: unknown, old: unknown): unknown {
  if (Array.isArray(status))
    return status.map((entry) =>
      withTimes(
        entry,
        (Array.isArray(old) ? old : []).find((o) => sameName(o, entry)),
      ),
    );
  if (status === null || typeof status !== 'object') return status;
  const before = (old ?? {}) as Fields;
  const made = Object.fromEntries(Object.entries(status).map(([k, v]) => [k, withTimes(v, before[k])])) as Fields;
  if (!('type' in made && 'reason' in made)) return made;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  made.lastTransitionTime = before.status === made.status ? (before.lastTransitionTime ?? now) : now;
  return made;
}

const sameName = (a: Fields, b: Fields): boolean => {
  const name = ({ type, name: n, parentRef, ancestorRef }: Fields) => JSON.stringify([type, n, parentRef, ancestorRef]);
  return name(a ?? {}) === name(b ?? {});
};
