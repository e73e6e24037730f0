// The API of a cluster over HTTP: as much of it as client-go and the suite ask for.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kind } from './kinds.js';
import { type KubeObject, Refusal, type Store } from './store.js';

export interface ApiServer {
  readonly url: string;
  close(): void;
}

export interface ApiExtras {
  podLog(namespace: string, name: string): string;
  /** Answers POST to `/harness/<name>`. */
  readonly harness?: Readonly<Record<string, (body: unknown) => Promise<unknown>>>;
}

/** `subresource`: `status`, `log`. */
interface Target {
  readonly kind: Kind;
  readonly version: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

export async function startApiServer(store: Store, extras: ApiExtras): Promise<ApiServer> {
  const server = createServer((request, response) => {
    answer(store, extras, request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'InternalError', String(error));
      if (!(error instanceof Refusal)) console.error(error);
      const { code, reason, message } = refusal;
      send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function answer(store: Store, extras: ApiExtras, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await bodyOf(request);
  const hook = /^\/harness\/(\w+)$/.exec(url.pathname)?.[1];
  if (hook !== undefined) {
    send(response, 200, await extras.harness?.[hook]?.(body));
    return;
  }
  const discovered = request.method === 'GET' ? discovery(store.kinds, url.pathname) : undefined;
  if (discovered !== undefined) {
    send(response, 200, discovered);
    return;
  }
  const target = targetOf(store, url.pathname);
  if (target.subresource === 'log') {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(extras.podLog(target.namespace ?? '', target.name ?? ''));
    return;
  }
  const [code, result] = handle(store, request, target, { body, query: url.searchParams });
  send(response, code, result);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`);

/** `/api`, `/apis`, `/apis/<group>`, `/api/v1`, `/apis/<group>/<version>`. */
function discovery(kinds: readonly Kind[], path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.0' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  const groups = [...new Set(kinds.map((k) => k.group))].filter((g) => g !== '');
  const groupOf = (group: string) => {
    const versions = [...new Set(kinds.filter((k) => k.group === group).flatMap((k) => k.versions))].map((version) => ({
      groupVersion: groupVersion(group, version),
      version,
    }));
    return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] };
  };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
  const [, group = '', version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? /^\/api()\/(v1)$/.exec(path) ?? [];
  if (group === '' && version === undefined) return undefined;
  if (version === undefined) return groups.includes(group) ? groupOf(group) : undefined;
  const resources = kinds
    .filter((k) => k.group === group && k.versions.includes(version))
    .flatMap((k) => {
      const one = { name: k.plural, singularName: k.kind.toLowerCase(), namespaced: k.namespaced, kind: k.kind };
      const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update'];
      const status = { ...one, name: `${k.plural}/status`, verbs: ['get', 'patch', 'update'] };
      return k.status ? [{ ...one, verbs }, status] : [{ ...one, verbs }];
    });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersion(group, version), resources };
}

function targetOf(store: Store, path: string): Target {
  // A namespace is an object itself and the place of others.
  const asked =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(?:namespaces\/([^/]+)\/(?!status$))?([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(
      path,
    );
  const [, group = '', version = '', namespace, plural, name, subresource] = asked ?? [];
  const kind = store.kinds.find((k) => k.group === group && k.plural === plural && k.versions.includes(version));
  if (kind === undefined) throw new Refusal(404, 'NotFound', `the server could not find ${path}`);
  return {
    kind,
    version,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

interface Asked {
  readonly body: unknown;
  readonly query: URLSearchParams;
}

function handle(store: Store, { method, headers }: IncomingMessage, target: Target, { body, query }: Asked) {
  const { kind, namespace, name = '', subresource } = target;
  const shown = (object: KubeObject) => ({ ...object, apiVersion: groupVersion(kind.group, target.version) });
  const found = (): KubeObject => {
    const object = store.find(kind.kind, namespace, name);
    if (object === undefined) throw new Refusal(404, 'NotFound', `${kind.plural} "${name}" not found`);
    return object;
  };
  const write = (object: KubeObject): [number, object] => {
    object.metadata.name = name;
    if (namespace !== undefined) object.metadata.namespace = namespace;
    return [200, shown(subresource === 'status' ? store.updateStatus(kind, object) : store.update(kind, object))];
  };
  switch (method) {
    case 'GET': {
      if (target.name !== undefined) return [200, shown(found())] as const;
      if (query.has('watch')) throw new Refusal(405, 'MethodNotAllowed', 'watching is not supported');
      const items = store.list(kind.kind, namespace).filter((o) => selects(query.get('labelSelector'), o));
      const apiVersion = groupVersion(kind.group, target.version);
      return [200, { apiVersion, kind: `${kind.kind}List`, metadata: {}, items: items.map(shown) }] as const;
    }
    case 'POST': {
      const object = body as KubeObject;
      if (namespace !== undefined) object.metadata.namespace = namespace;
      object.apiVersion = groupVersion(kind.group, target.version);
      object.kind = kind.kind;
      return [201, shown(store.create(kind, object))] as const;
    }
    case 'PUT':
      return write({ ...(body as KubeObject), apiVersion: groupVersion(kind.group, target.version), kind: kind.kind });
    case 'PATCH': {
      if (!headers['content-type']?.startsWith('application/merge-patch+json'))
        throw new Refusal(415, 'UnsupportedMediaType', `patches of ${headers['content-type']} are not supported`);
      return write(merged(found(), body) as KubeObject);
    }
    case 'DELETE':
      return [200, shown(store.remove(kind, namespace, name))] as const;
    default:
      throw new Refusal(405, 'MethodNotAllowed', `${method} is not supported`);
  }
}

/** RFC 7386. */
function merged(old: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const base = old !== null && typeof old === 'object' && !Array.isArray(old) ? { ...old } : {};
  const result = base as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** `a=b,c=d`. */
const selects = (selector: string | null, { metadata }: KubeObject): boolean =>
  (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [, key = '', value = ''] = /^([^=]+)==?(.*)$/.exec(part) ?? [];
      return metadata.labels?.[key] === value;
    });
