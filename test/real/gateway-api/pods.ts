// The Pods of the cluster's Deployments: each is a process of the suite's echo on ports of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Fields, KubeObject, Store } from './store.js';

export interface Pods {
  /** Port of this machine for a port of a Pod, once it is ready. */
  portOf(namespace: string, name: string, port: number): number | undefined;
  /** Text of the file that a variable of its environment names. */
  file(pod: PodPlace, variable: string): string | undefined;
  log(namespace: string, name: string): string;
  addLog(namespace: string, name: string, text: string): void;
  close(): void;
}

export interface PodPlace {
  readonly namespace: string;
  readonly name: string;
}

export interface PodOptions {
  /** The suite's echo-basic; absent: no process, Pods are ready at once. */
  readonly echo?: string;
  /** For the files of volumes. */
  readonly folder: string;
}

interface Pod {
  readonly child?: ChildProcess;
  /** Ports of the echo by the port that it would have in a Pod of its own. */
  readonly ports: ReadonlyMap<number, number>;
  readonly env: Readonly<Record<string, string>>;
  log: string;
  ready: boolean;
}

/** What the echo listens on unless its environment says otherwise, and the variable that moves it. */
const ECHO_PORTS: readonly (readonly [port: number, variables: readonly string[]])[] = [
  [3000, ['HTTP_PORT', 'TCP_PORT']],
  [3001, ['H2C_PORT']],
  [8443, ['HTTPS_PORT', 'TLS_PORT']],
];
const FIRST_PORT = 23_000;
/** Characters of a log that are kept. */
const LOG_SIZE = 1_000_000;

export function startPods(store: Store, { echo, folder }: PodOptions): Pods {
  const running = new Map<string, Pod>();
  let nextPort = FIRST_PORT;
  let nextAddress = 1;
  const podKind = store.kinds.find((k) => k.kind === 'Pod')!;
  const deploymentKind = store.kinds.find((k) => k.kind === 'Deployment')!;
  const keyOf = (namespace: string, name: string) => `${namespace}/${name}`;

  const start = (pod: KubeObject): void => {
    const { name, namespace = '' } = pod.metadata;
    const key = keyOf(namespace, name);
    const become = (entry: Pod) => {
      entry.ready = true;
      if (running.get(key) !== entry || store.find('Pod', namespace, name) === undefined) return;
      const address = `127.90.${nextAddress >> 8}.${nextAddress++ & 255}`;
      store.updateStatus(podKind, { ...pod, status: readyStatus(address) });
      markDeployment(store, deploymentKind, pod);
    };
    const container = pod.spec.containers[0];
    const mounts = mountedFiles(store, pod, join(folder, key));
    if (mounts === undefined) return;
    const ports = new Map(ECHO_PORTS.map(([port]) => [port, nextPort++]));
    const env: Record<string, string> = {};
    for (const [port, variables] of ECHO_PORTS) for (const v of variables) env[v] = String(ports.get(port));
    for (const { name: variable, value, valueFrom } of container.env ?? [])
      env[variable] = inFolder(value ?? fieldOf(pod, valueFrom?.fieldRef?.fieldPath ?? ''), mounts);
    if (echo === undefined) {
      const entry: Pod = { ports, env, log: '', ready: true };
      running.set(key, entry);
      become(entry);
      return;
    }
    const child = spawn(echo, [], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const entry: Pod = { child, ports, env, log: '', ready: false };
    const keep = (chunk: Buffer | Error) => {
      entry.log = (entry.log + String(chunk)).slice(-LOG_SIZE);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', keep);
    running.set(key, entry);
    waitForPort(ports.get(3000) ?? 0, () => become(entry));
  };

  const reconcile = (): void => {
    for (const deployment of store.list('Deployment')) {
      for (const pod of podsOf(deployment))
        if (store.find('Pod', pod.metadata.namespace, pod.metadata.name) === undefined) store.create(podKind, pod);
    }
    for (const pod of store.list('Pod')) {
      const { name, namespace = '' } = pod.metadata;
      if (ownerOf(pod) === '') continue;
      if (store.find('Deployment', namespace, ownerOf(pod)) === undefined) store.remove(podKind, namespace, name);
      else if (!running.has(keyOf(namespace, name))) start(pod);
    }
    for (const [key, { child }] of running) {
      const [namespace, name = ''] = key.split('/');
      if (store.find('Pod', namespace, name) !== undefined) continue;
      running.delete(key);
      child?.kill('SIGKILL');
    }
  };
  let planned = false;
  store.onChange(() => {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      reconcile();
    });
  });

  return {
    portOf(namespace, name, port) {
      const pod = running.get(keyOf(namespace, name));
      return pod?.ready ? pod.ports.get(port) : undefined;
    },
    file({ namespace, name }, variable) {
      const path = running.get(keyOf(namespace, name))?.env[variable];
      return path === undefined ? undefined : readFileSync(path, 'utf8');
    },
    log: (namespace, name) => running.get(keyOf(namespace, name))?.log ?? '',
    addLog(namespace, name, text) {
      const pod = running.get(keyOf(namespace, name));
      if (pod) pod.log = (pod.log + text).slice(-LOG_SIZE);
    },
    close() {
      for (const { child } of running.values()) child?.kill('SIGKILL');
      running.clear();
    },
  };
}

const OWNER = 'meshgw.example/deployment';
const ownerOf = ({ metadata }: KubeObject): string => metadata.annotations?.[OWNER] ?? '';

function podsOf({ metadata, spec }: KubeObject): KubeObject[] {
  const { template, replicas = 1 } = spec;
  return Array.from({ length: replicas }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${metadata.name}-6b7c-${i}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: template.metadata?.labels ?? {},
      annotations: { [OWNER]: metadata.name },
    },
    spec: template.spec,
  }));
}

function fieldOf({ metadata }: KubeObject, path: string): string {
  if (path === 'metadata.name') return metadata.name;
  return path === 'metadata.namespace' ? (metadata.namespace ?? '') : '';
}

type Mounts = readonly (readonly [mountPath: string, folder: string])[];

/** A path inside of a volume, on this machine. */
function inFolder(value: string, mounts: Mounts): string {
  const mount = mounts.find(([path]) => value.startsWith(`${path}/`));
  return mount === undefined ? value : mount[1] + value.slice(mount[0].length);
}

/** Writes the volumes of Secrets and ConfigMaps; `undefined` while one of them is missing, as a Pod waits for it. */
function mountedFiles(store: Store, { metadata, spec }: KubeObject, folder: string): Mounts | undefined {
  const mounts: [string, string][] = [];
  for (const { name, mountPath } of spec.containers[0].volumeMounts ?? []) {
    const volume = (spec.volumes ?? []).find((v: Fields) => v.name === name);
    const { secret, configMap } = volume ?? {};
    const object = secret
      ? store.find('Secret', metadata.namespace, secret.secretName)
      : store.find('ConfigMap', metadata.namespace, configMap?.name ?? '');
    if (object === undefined) return undefined;
    const encoding = secret ? 'base64' : 'utf8';
    const at = join(folder, name);
    mkdirSync(at, { recursive: true });
    const keys = Object.keys(object.data ?? {}).map((key) => ({ key, path: key }));
    for (const { key, path } of (secret ?? configMap).items ?? keys)
      writeFileSync(join(at, path), Buffer.from(object.data?.[key] ?? '', encoding));
    mounts.push([mountPath, at]);
  }
  return mounts;
}

export const readyStatus = (address: string) => ({
  phase: 'Running',
  podIP: address,
  podIPs: [{ ip: address }],
  conditions: [
    { type: 'Ready', status: 'True' },
    { type: 'ContainersReady', status: 'True' },
  ],
});

function markDeployment(store: Store, kind: Store['kinds'][number], pod: KubeObject): void {
  const deployment = store.find('Deployment', pod.metadata.namespace, ownerOf(pod));
  if (deployment === undefined) return;
  const ready = store
    .list('Pod', pod.metadata.namespace)
    .filter((p) => ownerOf(p) === ownerOf(pod) && p.status?.phase === 'Running').length;
  const counts = { replicas: ready, readyReplicas: ready, availableReplicas: ready, updatedReplicas: ready };
  const conditions = [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }];
  store.updateStatus(kind, { metadata: deployment.metadata, status: { ...counts, conditions } });
}

/** Ms between two looks. */
const LOOK_MS = 30;
const PATIENCE_MS = 20_000;

function waitForPort(port: number, ready: () => void, until = Date.now() + PATIENCE_MS): void {
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.on('connect', () => {
    socket.destroy();
    ready();
  });
  socket.on('error', () => {
    if (Date.now() < until) setTimeout(() => waitForPort(port, ready, until), LOOK_MS);
  });
}
