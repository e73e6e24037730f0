// The objects of the cluster, kept as an API server keeps them: generations, resource versions, defaults, status apart from the rest.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Kind, setDefaults } from './kinds.js';

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  generation?: number;
  resourceVersion?: string;
  uid?: string;
  creationTimestamp?: string;
  [field: string]: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind, read by the code of that kind
export type Fields = any;

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Fields;
  status?: Fields;
  [field: string]: Fields;
}

/** What an API server answers in place of the object. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export interface Store {
  readonly kinds: readonly Kind[];
  list(kind: string, namespace?: string): KubeObject[];
  find(kind: string, namespace: string | undefined, name: string): KubeObject | undefined;
  create(kind: Kind, object: KubeObject): KubeObject;
  /** Everything but the status. */
  update(kind: Kind, object: KubeObject): KubeObject;
  updateStatus(kind: Kind, object: Pick<KubeObject, 'metadata' | 'status'>): KubeObject;
  remove(kind: Kind, namespace: string | undefined, name: string): KubeObject;
  /** Called after every change that is not one of a status alone. */
  onChange(callback: () => void): void;
}

export function createStore(kinds: readonly Kind[]): Store {
  const objects = new Map<string, KubeObject>();
  const callbacks: (() => void)[] = [];
  let version = 1;
  const keyOf = (kind: string, namespace: string | undefined, name: string) => `${kind} ${namespace ?? ''} ${name}`;
  const changed = () => {
    for (const call of callbacks) call();
  };
  const existing = (kind: Kind, { namespace, name }: Pick<Metadata, 'namespace' | 'name'>): KubeObject => {
    const found = objects.get(keyOf(kind.kind, namespace, name));
    if (found === undefined) throw new Refusal(404, 'NotFound', `${kind.plural} "${name}" not found`);
    return found;
  };
  const put = (kind: Kind, object: KubeObject): KubeObject => {
    object.metadata.resourceVersion = String(version++);
    objects.set(keyOf(kind.kind, object.metadata.namespace, object.metadata.name), object);
    return object;
  };
  const fresh = (kind: Kind, object: KubeObject, old: KubeObject): void => {
    const asked = object.metadata.resourceVersion;
    if (asked !== undefined && asked !== old.metadata.resourceVersion)
      throw new Refusal(409, 'Conflict', `${kind.plural} "${object.metadata.name}": the object has been modified`);
  };

  const store: Store = {
    kinds,
    list: (kind, namespace) =>
      [...objects.values()].filter(
        (o) => o.kind === kind && (namespace === undefined || o.metadata.namespace === namespace),
      ),
    find: (kind, namespace, name) => objects.get(keyOf(kind, namespace, name)),
    create(kind, given) {
      const object = structuredClone(given);
      const { metadata } = object;
      if (!kind.namespaced) delete metadata.namespace;
      if (objects.has(keyOf(kind.kind, metadata.namespace, metadata.name)))
        throw new Refusal(409, 'AlreadyExists', `${kind.plural} "${metadata.name}" already exists`);
      if (kind.namespaced && !objects.has(keyOf('Namespace', undefined, metadata.namespace ?? '')))
        throw new Refusal(404, 'NotFound', `namespaces "${metadata.namespace}" not found`);
      metadata.uid = randomUUID();
      metadata.generation = 1;
      metadata.creationTimestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      if (kind.status) delete object.status;
      complete(kind, object);
      put(kind, object);
      changed();
      return object;
    },
    update(kind, given) {
      const old = existing(kind, given.metadata);
      fresh(kind, given, old);
      const object = structuredClone(given);
      const { uid, creationTimestamp, generation = 1 } = old.metadata;
      Object.assign(object.metadata, { uid, creationTimestamp, generation });
      if (kind.status) {
        if (old.status === undefined) delete object.status;
        else object.status = old.status;
      }
      complete(kind, object);
      if (!isDeepStrictEqual(content(object), content(old))) object.metadata.generation = generation + 1;
      put(kind, object);
      changed();
      return object;
    },
    updateStatus(kind, { metadata, status }) {
      const old = existing(kind, metadata);
      return put(kind, { ...old, metadata: { ...old.metadata }, status: structuredClone(status) });
    },
    remove(kind, namespace, name) {
      const old = existing(kind, { namespace: kind.namespaced ? namespace : undefined, name } as Metadata);
      objects.delete(keyOf(kind.kind, old.metadata.namespace, name));
      if (kind.kind === 'Namespace')
        for (const [key, object] of [...objects]) if (object.metadata.namespace === name) objects.delete(key);
      changed();
      return old;
    },
    onChange: (callback) => callbacks.push(callback),
  };
  return store;
}

/** What a generation counts. */
const content = ({ metadata, status, ...rest }: KubeObject): object => rest;

/** What the API server adds by itself. */
function complete(kind: Kind, object: KubeObject): void {
  setDefaults(object, kind.schemas?.[object.apiVersion.split('/').at(-1) ?? '']);
  if (kind.kind === 'Namespace') {
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
    object.status = { phase: 'Active' };
  }
  if (kind.kind === 'Secret' && object.stringData) {
    const entries = Object.entries(object.stringData as Record<string, string>);
    const encoded = entries.map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    object.data = { ...object.data, ...Object.fromEntries(encoded) };
    delete object.stringData;
  }
  if (kind.kind === 'Service')
    for (const port of object.spec?.ports ?? []) {
      port.protocol ??= 'TCP';
      port.targetPort ??= port.port;
    }
}
