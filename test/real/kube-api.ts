// A Kubernetes API of fixed objects: lists them, and watches in silence. Enough for a controller that reads a cluster.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface KubeApi {
  readonly url: string;
  close(): void;
}

export async function startKubeApi(objects: readonly KubeObject[]): Promise<KubeApi> {
  const server = createServer((request, response) => answer(objects, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(objects: readonly KubeObject[], request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [code, body] = request.method === 'GET' ? read(objects, url) : refused(405, 'MethodNotAllowed');
  response.writeHead(code, { 'content-type': 'application/json' });
  if (body === undefined) response.flushHeaders();
  else response.end(JSON.stringify(body));
}

/** Status and body; without a body the answer stays open. */
type Answer = readonly [code: number, body?: object];

function read(objects: readonly KubeObject[], { pathname, searchParams }: URL): Answer {
  if (pathname === '/version') return [200, { major: '1', minor: '36', gitVersion: 'v1.36.0' }];
  const asked = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?$/.exec(pathname);
  if (!asked) return refused(404, 'NotFound');
  const [, group, version, namespace, plural, name] = asked;
  // A client that wants the list as part of a watch lists by itself where this is refused.
  if (searchParams.has('sendInitialEvents')) return refused(422, 'Invalid');
  if (searchParams.has('watch')) return [200];
  const found = objects.filter(
    (o) =>
      o.apiVersion === (group ? `${group}/${version}` : version) &&
      pluralOf(o.kind) === plural &&
      (namespace === undefined || o.metadata.namespace === namespace) &&
      (name === undefined || o.metadata.name === name),
  );
  if (name === undefined) return [200, { metadata: { resourceVersion: '1' }, items: found }];
  return found[0] ? [200, found[0]] : refused(404, 'NotFound');
}

const refused = (code: number, reason: string): Answer => [
  code,
  { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code },
];

/** `IngressClass` → `ingressclasses`, `BackendTLSPolicy` → `backendtlspolicies`. */
const pluralOf = (kind: string): string => {
  const word = kind.toLowerCase();
  if (word.endsWith('s')) return `${word}es`;
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
};
