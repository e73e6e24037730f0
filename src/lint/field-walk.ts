// One walk over an object for all field checks of its kind: the paths of the checks form a trie, and only branches
// that a check asks for are entered.

import { type FieldPath, isObject, type Json, type JsonObject, own, type Resource } from '../model/index.js';
import type { FieldCheck, FieldTest, Place, Problem } from './rule.js';

interface TrieNode<T> {
  readonly keys: Map<string, TrieNode<T>>;
  items?: TrieNode<T>;
  entries?: TrieNode<T>;
  readonly tests: { readonly owner: T; readonly test: FieldTest }[];
}

export interface FieldProblem<T> {
  readonly owner: T;
  readonly message: string;
  readonly path: FieldPath;
  readonly problem: Exclude<Problem, undefined>;
}

const node = <T>(): TrieNode<T> => ({ keys: new Map(), tests: [] });

/** `spec.servers[].hosts[]` → `['spec', 'servers', '[]', 'hosts', '[]']`; a key with dots stands in quotes. */
export const parsePattern = (pattern: string): string[] => pattern.match(/\[\]|\{\}|"[^"]+"|[^.[\]{}"]+/g) ?? [];

function insert<T>(root: TrieNode<T>, pattern: string, owner: T, test: FieldTest): void {
  let at = root;
  for (const step of parsePattern(pattern)) {
    if (step === '[]') {
      at.items ??= node();
      at = at.items;
    } else if (step === '{}') {
      at.entries ??= node();
      at = at.entries;
    } else {
      const key = step.startsWith('"') ? step.slice(1, -1) : step;
      let next = at.keys.get(key);
      if (!next) {
        next = node();
        at.keys.set(key, next);
      }
      at = next;
    }
  }
  at.tests.push({ owner, test });
}

/** `owner` is what the caller wants back with a problem: the rule. */
export function fieldWalk<T>(checks: readonly { readonly owner: T; readonly check: FieldCheck }[]) {
  const kinds = new Map<string, TrieNode<T>>();
  for (const { owner, check } of checks) {
    let root = kinds.get(check.kind);
    if (!root) {
      root = node();
      kinds.set(check.kind, root);
    }
    insert(root, check.at, owner, check.test);
  }
  return (resource: Resource, report: (problem: FieldProblem<T>) => void): void => {
    const root = kinds.get(`${resource.group}/${resource.kind}`);
    if (root) walk(root, resource, report);
  };
}

const NOTHING: JsonObject = {};

function walk<T>(root: TrieNode<T>, resource: Resource, report: (problem: FieldProblem<T>) => void): void {
  const path: (string | number)[] = [];
  const values: Json[] = [];
  const spec = resource.object.spec;
  const place: Place = {
    resource,
    get path() {
      return [...path];
    },
    get key() {
      return path[path.length - 1] ?? '';
    },
    up: (levels) => values[values.length - 1 - levels] ?? null,
    spec: isObject(spec) ? spec : NOTHING,
  };

  const say = (owner: T, problem: Problem) => {
    if (problem === undefined) return;
    const message = typeof problem === 'string' ? problem : problem.message;
    const more = typeof problem === 'string' ? undefined : problem.path;
    report({ owner, message, path: more ? [...path, ...more] : [...path], problem });
  };

  const check = (at: TrieNode<T>, value: Json) => {
    for (const { owner, test } of at.tests) {
      const problems = test(value, place);
      if (problems === undefined) continue;
      if (isList(problems)) for (const problem of problems) say(owner, problem);
      else say(owner, problems);
    }
  };

  const enter = (at: TrieNode<T>, value: Json | undefined) => {
    if (value === undefined || value === null) return;
    values.push(value);
    if (at.tests.length > 0) check(at, value);
    if (Array.isArray(value)) {
      if (at.items) for (let i = 0; i < value.length; i++) step(at.items, i, (value as readonly Json[])[i]);
    } else if (typeof value === 'object' && (at.keys.size > 0 || at.entries)) members(at, value as JsonObject);
    values.pop();
  };
  // Objects have few fields, tries have many: the fields lead.
  const members = (at: TrieNode<T>, object: JsonObject) => {
    for (const key in object) {
      const next = at.keys.get(key);
      if (next) step(next, key, own(object, key));
      if (at.entries) step(at.entries, key, own(object, key));
    }
  };
  const step = (at: TrieNode<T>, key: string | number, value: Json | undefined) => {
    path.push(key);
    enter(at, value);
    path.pop();
  };
  enter(root, resource.object);
}

const isList = (problems: Problem | readonly Problem[]): problems is readonly Problem[] => Array.isArray(problems);
