// Finds the first route that matches without trying them all: exact paths by hash, literal beginnings by a radix tree,
// the rest in a bucket that is always tried; where many are left, an exact header narrows them. Candidates are merged in route order, so the answer is that of a linear scan
// (test/simulate-index.test.ts holds the two together).

import type { Route, StringMatcher } from '../model/index.js';
import { literalPrefix } from '../regex/literal.js';
import { collectFrom, type HeaderBucket, headerBucket } from './header-bucket.js';
import { compileMatch, matches, type Predicate } from './match-route.js';
import { asciiLower } from './match-string.js';
import type { RequestView } from './request-view.js';

export interface IndexedRoute<T> {
  readonly order: number;
  readonly route: Route;
  readonly predicates: readonly Predicate[];
  readonly compiled: T;
}

export interface RouteIndex<T> {
  readonly routes: readonly IndexedRoute<T>[];
  find(view: RequestView): IndexedRoute<T> | undefined;
}

/** Below this a scan is as fast as an index. */
const SCAN_UP_TO = 4;

export function indexRoutes<T>(routes: readonly Route[], compile: (route: Route) => T): RouteIndex<T> {
  const indexed = routes.map((route, order) => new LazyRoute(order, route, compile));
  if (indexed.length <= SCAN_UP_TO) return { routes: indexed, find: (view) => scan(indexed, view) };

  const foldCase = routes.some((r) => r.match.path && 'ignoreCase' in r.match.path && r.match.path.ignoreCase);
  const fold = foldCase ? asciiLower : (text: string) => text;
  const exact = new Map<string, IndexedRoute<T>[]>();
  const root = newNode<IndexedRoute<T>>('');
  for (const route of indexed) {
    const key = pathKey(route.route.match.path);
    if (!key.exact) insert(root, fold(key.text), route);
    else if (exact.has(fold(key.text))) exact.get(fold(key.text))!.push(route);
    else exact.set(fold(key.text), [route]);
  }
  const byHeaders = new Map<readonly IndexedRoute<T>[], HeaderBucket<IndexedRoute<T>>>();
  const bucketOf = (list: IndexedRoute<T>[]): HeaderBucket<IndexedRoute<T>> => {
    let bucket = byHeaders.get(list);
    if (!bucket) byHeaders.set(list, (bucket = headerBucket(list)));
    return bucket;
  };
  return {
    routes: indexed,
    find(view) {
      const path = fold(view.path);
      const lists: IndexedRoute<T>[][] = [];
      const visit = (list: IndexedRoute<T>[]) => collectFrom(bucketOf(list), view, lists);
      const same = exact.get(path);
      if (same) visit(same);
      collect(root, path, visit);
      return lists.length === 1 ? scan(lists[0]!, view) : scanMerged(lists, view);
    },
  };
}

/** Compiled when a request first comes to it: of 100,000 routes one question needs a few. */
class LazyRoute<T> implements IndexedRoute<T> {
  readonly order: number;
  readonly route: Route;
  readonly #compile: (route: Route) => T;
  #predicates: readonly Predicate[] | undefined;
  #compiled: T | undefined;

  constructor(order: number, route: Route, compile: (route: Route) => T) {
    this.order = order;
    this.route = route;
    this.#compile = compile;
  }

  get predicates(): readonly Predicate[] {
    return (this.#predicates ??= compileMatch(this.route.match));
  }

  get compiled(): T {
    return (this.#compiled ??= this.#compile(this.route));
  }
}

function scan<T>(routes: readonly IndexedRoute<T>[], view: RequestView): IndexedRoute<T> | undefined {
  for (let i = 0; i < routes.length; i++) if (matches(routes[i]!.predicates, view)) return routes[i];
  return undefined;
}

/** Each list is in route order; the smallest head goes next. */
function scanMerged<T>(lists: readonly IndexedRoute<T>[][], view: RequestView): IndexedRoute<T> | undefined {
  const heads = new Array<number>(lists.length).fill(0);
  for (;;) {
    let next: IndexedRoute<T> | undefined;
    let from = -1;
    for (let l = 0; l < lists.length; l++) {
      const candidate = lists[l]![heads[l]!];
      if (candidate && (!next || candidate.order < next.order)) {
        next = candidate;
        from = l;
      }
    }
    if (!next) return undefined;
    if (matches(next.predicates, view)) return next;
    heads[from]!++;
  }
}

/** What every path that the predicate takes begins with, or is. */
function pathKey(path: StringMatcher | undefined): { readonly exact: boolean; readonly text: string } {
  if (!path || path.kind === 'any') return { exact: false, text: '' };
  switch (path.kind) {
    case 'exact':
      return { exact: true, text: path.value };
    case 'prefix':
    case 'segment-prefix':
      return { exact: false, text: path.value };
    case 'regex':
      return { exact: false, text: literalPrefix(path.pattern).prefix };
    default:
      return { exact: false, text: '' };
  }
}

/** A node of the radix tree: `label` leads to it, `items` end at it. */
interface Node<V> {
  label: string;
  items: V[];
  children: Map<number, Node<V>> | undefined;
}

const newNode = <V>(label: string): Node<V> => ({ label, items: [], children: undefined });

function insert<V>(root: Node<V>, key: string, item: V): void {
  let node = root;
  let at = 0;
  while (at < key.length) {
    node.children ??= new Map();
    const child = node.children.get(key.charCodeAt(at));
    if (!child) {
      const leaf = newNode<V>(key.slice(at));
      node.children.set(key.charCodeAt(at), leaf);
      node = leaf;
      break;
    }
    const common = commonLength(child.label, key, at);
    if (common < child.label.length) {
      const upper = newNode<V>(child.label.slice(0, common));
      child.label = child.label.slice(common);
      upper.children = new Map([[child.label.charCodeAt(0), child]]);
      node.children.set(key.charCodeAt(at), upper);
      node = upper;
    } else node = child;
    at += common;
  }
  node.items.push(item);
}

function commonLength(label: string, key: string, at: number): number {
  const max = Math.min(label.length, key.length - at);
  let n = 0;
  while (n < max && label.charCodeAt(n) === key.charCodeAt(at + n)) n++;
  return n;
}

function collect<V>(root: Node<V>, path: string, visit: (items: V[]) => void): void {
  let node: Node<V> | undefined = root;
  let at = 0;
  for (;;) {
    if (node.items.length > 0) visit(node.items);
    if (at >= path.length) return;
    node = node.children?.get(path.charCodeAt(at));
    if (!node || !path.startsWith(node.label, at)) return;
    at += node.label.length;
  }
}
