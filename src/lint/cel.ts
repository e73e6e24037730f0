// The validation rules that CRDs carry: CEL expressions, and lists that are maps or sets. They are evaluated on the
// object as the API server sees it (nulls pruned, defaults filled in): apiextensions-apiserver pkg/apiserver/schema/cel (1.36).
// Loaded only when a resource of such a kind is met (docs/decisions/0004).

import { isIP } from 'node:net';
import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { type FieldPath, isObject, type Json, type JsonObject, own, type Resource } from '../model/index.js';
import { admitted, fileInSet, type JsonSchema, readSchema, schemaOf } from '../sources/schema/index.js';
import { type CelNode, quickly } from './cel-quick.js';

export interface CrdProblem {
  readonly kind: 'rule' | 'duplicate';
  readonly message: string;
  readonly path: FieldPath;
}

interface CelRule {
  /** Where the values are that it judges; `[]` is each item, `{}` each value. */
  readonly paths: readonly (readonly string[])[];
  readonly rule: string;
  readonly message?: string;
  readonly fieldPath?: string;
}

/** Said by our own rules, in better words and on more fields: evaluating them on thousands of routes would be for nothing. */
const COVERED = new Set(["duration(self) >= duration('1ms')"]);
/** A rule that compares with the object before the change says nothing about a file. */
const isTransition = (rule: string): boolean => rule.includes('oldSelf');

interface Expression {
  readonly holds: (context: { self: unknown }) => unknown;
  /** Whether it is certain that it holds. Absent: that is never certain. */
  readonly quickly?: ((self: Json) => boolean) | undefined;
}

type Compiled = CelRule & Expression;
const compiled = new Map<string, PathNode>();
const patterns = new Map<string, RE2JS>();

let environment: Environment | undefined;
function cel(): Environment {
  environment ??= new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
    .registerVariable('self', 'dyn')
    .registerFunction('isIP(string): bool', (text: string) => isIP(text) !== 0)
    .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
    .registerFunction(
      'urlScheme(string): string',
      (text: string) => /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '',
    )
    // JavaScript's RegExp has another syntax and no bound on time: the text comes from the user.
    .registerFunction('string.matchesRe2(string): bool', (text: string, pattern: string) => {
      let re = patterns.get(pattern);
      if (!re) {
        re = RE2JS.compile(pattern);
        patterns.set(pattern, re);
      }
      return re.matcher(text).find();
    });
  return environment;
}

/**
 * `namespace` is a reserved word of CEL that Kubernetes writes as `__namespace__`; here it is none.
 * `has(a[0].b)`: the evaluator takes names only; for an object it says the same as `"b" in a[0]`.
 */
const spelled = (rule: string): string =>
  rule
    .replaceAll('.matches(', '.matchesRe2(')
    .replaceAll('__namespace__', 'namespace')
    .replaceAll(/\burl\(([^()]*)\)\.getScheme\(\)/g, 'urlScheme($1)')
    .replaceAll(/\bhas\(([\w.]+\[\d+\](?:\.\w+)*)\.(\w+)\)/g, '("$2" in $1)');

/** Where the rules of a kind look, as a tree of paths: one walk over an object serves all of them. */
interface PathNode {
  readonly members: Map<string, PathNode>;
  items?: PathNode;
  entries?: PathNode;
  /** `order`: of the rule, and of the path among its paths. */
  readonly rules: { readonly rule: Compiled; readonly order: number }[];
}

const emptyNode = (): PathNode => ({ members: new Map(), rules: [] });

function below(node: PathNode, step: string): PathNode {
  if (step === '[]') return (node.items ??= emptyNode());
  if (step === '{}') return (node.entries ??= emptyNode());
  const known = node.members.get(step) ?? emptyNode();
  node.members.set(step, known);
  return known;
}

function rulesOf(resource: Resource): PathNode {
  const name = `${resource.group}.${resource.kind}.json`;
  const key = `${resource.crds ?? ''} ${name} ${resource.version}`;
  const known = compiled.get(key);
  if (known) return known;
  const root = emptyNode();
  let order = 0;
  const all = readRules(name, resource.crds).find((entry) => entry.versions.includes(resource.version))?.rules ?? [];
  for (const rule of all) {
    if (COVERED.has(rule.rule) || isTransition(rule.rule)) continue;
    const expression = compileCel(rule.rule);
    if (!expression) continue;
    for (const path of rule.paths)
      path.reduce(below, root).rules.push({ rule: { ...rule, ...expression }, order: order++ });
  }
  compiled.set(key, root);
  return root;
}

function readRules(
  name: string,
  set: string | undefined,
): readonly { readonly versions: readonly string[]; readonly rules: readonly CelRule[] }[] {
  try {
    const path = set === undefined ? `cel/${name}` : fileInSet(set, `cel/${name}`);
    return path === undefined ? [] : (readSchema(path) as ReturnType<typeof readRules>);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for a rule that uses what the evaluator does not know: nothing is said then. A test keeps that list empty. */
export function compileCel(rule: string): Expression | undefined {
  try {
    const parsed = cel().parse(spelled(rule));
    if (!parsed.check().valid) return undefined;
    return { holds: parsed as Expression['holds'], quickly: quickly(parsed.ast as CelNode) };
  } catch {
    return undefined;
  }
}

/** What the evaluator cannot read, though it is CEL: messages (`A{b: 1}`), names from the root (`.a`), quoted names. */
const UNREADABLE = /[\w.]\s*\{|(?:^|[^\w\])\s])\s*\.\s*[a-zA-Z_]|`/;

/** Why a text is no CEL expression, whatever its names mean; undefined also where that is unknown. */
export function celSyntax(expression: string): string | undefined {
  try {
    cel().parse(expression);
    return undefined;
  } catch (error) {
    if (UNREADABLE.test(expression)) return undefined;
    const said = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    return /unexpected token: EOF/i.test(said) ? 'it ends where a value is expected' : said;
  }
}

/** CEL's integers are BigInt. Several rules ask about one object: what was made of it is in `made`. */
export function celValue(value: Json, made: WeakMap<object, unknown>): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  let known = made.get(value);
  if (known === undefined) {
    known = Array.isArray(value)
      ? (value as readonly Json[]).map((item) => celValue(item, made))
      : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, celValue(member, made)]));
    made.set(value, known);
  }
  return known;
}

/** What the CRD's rules say about an object whose shape is fine. */
export function crdProblems(resource: Resource): CrdProblem[] {
  const schema = schemaOf(resource);
  if (!schema) return [];
  const object = admitted(resource.object, schema);
  const problems: CrdProblem[] = [];
  duplicates(object, schema, [], problems);
  const made = new WeakMap<object, unknown>();
  const broken: { readonly order: number; readonly problem: CrdProblem }[] = [];
  each(object, rulesOf(resource), [], ({ rule, order }, value, path) => {
    const failure = evaluate(rule, value, made);
    if (failure === undefined) return;
    const field = rule.fieldPath?.split('.').filter(Boolean) ?? culprit(rule, value);
    broken.push({ order, problem: { kind: 'rule', message: failure, path: [...path, ...field] } });
  });
  broken.sort((a, b) => a.order - b.order);
  return [...problems, ...broken.map(({ problem }) => problem)];
}

/** Says why a rule does not hold; an expression that cannot be evaluated (a field that it reads is absent) counts as broken, as for the API server. */
function evaluate(rule: Compiled, value: Json, made = new WeakMap<object, unknown>()): string | undefined {
  if (rule.quickly?.(value)) return undefined;
  try {
    if (rule.holds({ self: celValue(value, made) }) === true) return undefined;
  } catch {
    // The evaluator's words are about its own expression, not about the object.
  }
  return rule.message ?? `the rule does not hold: ${rule.rule}`;
}

/** Where below the value a rule fails that asks the same of every item of a list: the item, and the field that the message begins with. */
function culprit(rule: Compiled, value: Json): FieldPath {
  if (!Array.isArray(value) || !/^self\.all\(\s*\w+\s*,/.test(rule.rule)) return [];
  const items = value as readonly Json[];
  const index = items.findIndex((item) => evaluate(rule, [item]) !== undefined);
  if (index < 0) return [];
  const field = /^[A-Za-z]+(?= )/.exec(rule.message ?? '')?.[0];
  const item = items[index];
  return field !== undefined && isObject(item) && Object.hasOwn(item, field) ? [index, field] : [index];
}

/** Visits what rules are about. `place`: where it stands; only valid during the visit. */
function each(
  value: Json | undefined,
  { rules, items, entries, members }: PathNode,
  place: (string | number)[],
  use: (rule: PathNode['rules'][number], value: Json, place: FieldPath) => void,
): void {
  if (value === undefined || value === null) return;
  for (const rule of rules) use(rule, value, place);
  const into = (node: PathNode, key: string | number, member: Json | undefined) => {
    place.push(key);
    each(member, node, place, use);
    place.pop();
  };
  if (Array.isArray(value)) {
    if (items) for (const [i, item] of (value as readonly Json[]).entries()) into(items, i, item);
  } else if (typeof value === 'object' && (entries || members.size > 0)) {
    for (const [key, member] of Object.entries(value as JsonObject)) {
      const node = members.get(key);
      if (node) into(node, key, member);
      if (entries) into(entries, key, member);
    }
  }
}

function repeatedItems(items: readonly Json[], schema: JsonSchema, path: FieldPath, problems: CrdProblem[]): void {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []) as readonly string[];
  if (items.length < 2) return;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const identity = type === 'set' ? item : keys.map((key) => own(item as JsonObject | null, key) ?? null);
    const text = JSON.stringify(identity);
    const named =
      type === 'set'
        ? text
        : keys.map((key, i) => `${key} ${JSON.stringify((identity as readonly Json[])[i])}`).join(', ');
    if (seen.has(text))
      problems.push({
        kind: 'duplicate',
        message: `an earlier item of this list has the same ${type === 'set' ? 'value ' : ''}${named}`,
        path: [...path, index],
      });
    seen.add(text);
  }
}

/** Whether lists of keys or of different items are in it, at any depth. `$ref`s are replaced, and parts are shared. */
function hasUniqueItems(schema: JsonSchema | undefined): boolean {
  if (!schema) return false;
  const known = unique.get(schema);
  if (known !== undefined) return known;
  // A schema inside of itself is asked where it began.
  unique.set(schema, false);
  const { 'x-kubernetes-list-type': type, additionalProperties: more } = schema;
  const found =
    type === 'map' ||
    type === 'set' ||
    hasUniqueItems(schema.items) ||
    (typeof more === 'object' && hasUniqueItems(more)) ||
    Object.values(schema.properties ?? {}).some(hasUniqueItems);
  unique.set(schema, found);
  return found;
}

const unique = new WeakMap<JsonSchema, boolean>();

/** Items of a list of type map have keys of their own, items of a set are different. */
function duplicates(
  value: Json | undefined,
  schema: JsonSchema | undefined,
  path: (string | number)[],
  problems: CrdProblem[],
): void {
  if (typeof value !== 'object' || value === null || !schema || !hasUniqueItems(schema)) return;
  const into = (key: string | number, member: Json, of: JsonSchema | undefined) => {
    path.push(key);
    duplicates(member, of, path, problems);
    path.pop();
  };
  if (!Array.isArray(value)) {
    const more = schema.additionalProperties;
    for (const [key, member] of Object.entries(value as JsonObject))
      into(key, member, own(schema.properties, key) ?? (typeof more === 'object' ? more : undefined));
    return;
  }
  const items = value as readonly Json[];
  repeatedItems(items, schema, path, problems);
  for (const [index, item] of items.entries()) into(index, item, schema.items);
}
