// New configurations out of recorded ones: parts are swapped for parts that stand at the same place in other cases, so
// that nearly everything that comes out is a configuration somebody could have written.
import type { Random } from '../../envoy/generate.js';

export type Node = null | boolean | number | string | Node[] | { [key: string]: Node };
export type Doc = { [key: string]: Node };

export const pick = <T>(r: Random, list: readonly T[]): T => list[Math.floor(r() * list.length)]!;
export const chance = (r: Random, p: number): boolean => r() < p;

/** Every part seen at a place: `VirtualService/spec/http/[]/match` → parts. */
export type Pool = ReadonlyMap<string, readonly Node[]>;

const isMap = (n: Node): n is Doc => typeof n === 'object' && n !== null && !Array.isArray(n);
const LEFT_ALONE =
  /\/(apiVersion|kind|status|selector|clusterIP|data|jwks|type|gatewayClassName|controller|kubernetes\.io\/ingress\.class)$/;
const MOST = 400;

/** All places of a document with the value that stands there. */
function* places(doc: Doc): Generator<{ place: string; parent: Doc | Node[]; key: string | number; value: Node }> {
  function* walk(node: Node, place: string): ReturnType<typeof places> {
    const entries: [string | number, Node][] = Array.isArray(node)
      ? [...node.entries()]
      : isMap(node)
        ? Object.entries(node)
        : [];
    for (const [key, value] of entries) {
      const at = `${place}/${typeof key === 'number' ? '[]' : key}`;
      if (LEFT_ALONE.test(at)) continue;
      yield { place: at, parent: node as Doc | Node[], key, value };
      yield* walk(value, at);
    }
  }
  yield* walk(doc.spec ?? null, `${doc.kind}/spec`);
  if (doc.kind !== 'Ingress') return;
  const metadata = doc.metadata as Doc;
  metadata.annotations ??= {};
  yield { place: 'Ingress/annotations', parent: metadata, key: 'annotations', value: metadata.annotations };
  yield* walk(metadata.annotations, 'Ingress/annotations');
}

export function poolOf(docs: readonly Doc[]): Pool {
  const pool = new Map<string, Node[]>();
  for (const doc of docs)
    for (const { place, value } of places(doc)) {
      const list = pool.get(place) ?? [];
      pool.set(place, list);
      if (list.length < MOST) list.push(value);
    }
  return pool;
}

const NAMESPACES = ['default', 'team-a', 'prod', 'istio-system'];
const ROUTING =
  /^(Gateway|VirtualService|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute|Ingress|DestinationRule|AuthorizationPolicy|RequestAuthentication|ReferenceGrant|ServiceEntry|IngressRoute|IngressRouteTCP|Middleware|MiddlewareTCP|TraefikService|TLSOption|ServersTransport)$/;

/** `docs` with `changes` parts changed; the arguments stay as they are. */
export function mutate(r: Random, docs: readonly Doc[], pool: Pool, changes: number): Doc[] {
  const out = structuredClone(docs) as Doc[];
  for (let n = 0; n < changes; n++) {
    const doc = pick(r, out);
    if (!ROUTING.test(String(doc.kind)) && !chance(r, 0.1)) continue;
    // A cluster-scoped object has no namespace.
    if (chance(r, 0.12) && ROUTING.test(String(doc.kind))) changeMetadata(r, doc);
    else changePart(r, doc, pool);
  }
  return out;
}

function changeMetadata(r: Random, doc: Doc): void {
  const metadata = doc.metadata as Doc;
  const kind = r();
  if (kind < 0.4) {
    if (chance(r, 0.3)) delete metadata.creationTimestamp;
    else metadata.creationTimestamp = `2026-0${1 + Math.floor(r() * 3)}-01T0${Math.floor(r() * 3)}:00:00Z`;
  } else if (kind < 0.7) metadata.namespace = pick(r, NAMESPACES);
  else metadata.name = pick(r, ['a', 'b', 'vs0', 'vs1', 'zz', 'gw1', 'ing-1']);
}

function changePart(r: Random, doc: Doc, pool: Pool): void {
  const all = [...places(doc)];
  if (all.length === 0) return;
  const at = pick(r, all);
  const known = pool.get(at.place) ?? [];
  const parent = at.parent as Record<string | number, Node>;
  const kind = r();
  if (kind < 0.45 && known.length > 0) parent[at.key] = structuredClone(pick(r, known));
  else if (kind < 0.6) {
    if (Array.isArray(at.parent)) {
      if (at.parent.length > 1) at.parent.splice(at.key as number, 1);
    } else delete (at.parent as Doc)[at.key];
  } else if (kind < 0.8 && Array.isArray(at.parent) && known.length > 0)
    at.parent.splice(Math.floor(r() * (at.parent.length + 1)), 0, structuredClone(pick(r, known)));
  else if (kind < 0.87 && Array.isArray(at.parent) && at.parent.length > 1) {
    const [one] = at.parent.splice(at.key as number, 1);
    at.parent.splice(Math.floor(r() * (at.parent.length + 1)), 0, one!);
  } else if (isMap(at.value)) {
    // A field that such a part has elsewhere.
    const fields = [...pool.keys()].filter(
      (p) => p.startsWith(`${at.place}/`) && !p.slice(at.place.length + 1).includes('/'),
    );
    if (fields.length === 0) return;
    const field = pick(r, fields);
    at.value[field.slice(at.place.length + 1)] = structuredClone(pick(r, pool.get(field)!));
  } else if (typeof at.value === 'string') parent[at.key] = twist(r, at.value);
  else if (typeof at.value === 'number')
    parent[at.key] = pick(r, [0, 1, 10, 80, 100, 301, 303, 443, 8000, 8080, 8443, at.value + 1]);
}

/** A string that is nearly the same. */
function twist(r: Random, text: string): string {
  return pick(r, [
    () => `${text}/`,
    () => text.replace(/\/$/, ''),
    () => text.toUpperCase(),
    () => text.replace(/^[^.]+/, '*'),
    () => `*.${text}`,
    () => `${text}.*`,
    () => text.replace('*.', ''),
    () => text.slice(0, Math.ceil(text.length / 2)),
    () => `${pick(r, NAMESPACES)}/${text}`,
    () => `./${text}`,
    () => '*',
    () => '/',
    () => `${text}.default.svc.cluster.local`,
    () => text.replace('example', '*'),
    () => `^${text}$`,
    () => `(${text})|x`,
    () => `(?i)${text}`,
    () => `${text}%20`,
    () => `${text}?q=1`,
    () => text.replace('/', '//'),
  ])();
}
