// The validation rules that CRDs carry: CEL expressions, and lists that are maps or sets. They are evaluated on the
// object as the API server sees it (nulls pruned, defaults filled in): apiextensions-apiserver pkg/apiserver/schema/cel (1.36).
// Loaded only when a resource of such a kind is met (docs/decisions/0004).

import { isIP } from 'node:net';
import { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { type FieldPath, isObject, type Json, type JsonObject, own, type Resource } from '../model/index.js';
import { admitted, fileInSet, type JsonSchema, readSchema, schemaOf } from '../sources/schema/index.js';

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

type Compiled = CelRule & { readonly holds: (context: { self: unknown }) => unknown };
const compiled = new Map<string, readonly Compiled[]>();
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

function rulesOf(resource: Resource): readonly Compiled[] {
  const name = `${resource.group}.${resource.kind}.json`;
  const key = `${resource.crds ?? ''} ${name} ${resource.version}`;
  let rules = compiled.get(key);
  if (!rules) {
    const all = readRules(name, resource.crds).find((entry) => entry.versions.includes(resource.version))?.rules ?? [];
    rules = all
      .filter(({ rule }) => !COVERED.has(rule) && !isTransition(rule))
      .flatMap((rule) => {
        const holds = compileCel(rule.rule);
        return holds ? [{ ...rule, holds }] : [];
      });
    compiled.set(key, rules);
  }
  return rules;
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
export function compileCel(rule: string): Compiled['holds'] | undefined {
  try {
    const parsed = cel().parse(spelled(rule));
    return parsed.check().valid ? (parsed as Compiled['holds']) : undefined;
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
function celValue(value: Json, made: WeakMap<object, unknown>): unknown {
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
  for (const rule of rulesOf(resource))
    for (const from of rule.paths)
      each(object, from, [], (value, path) => {
        const failure = evaluate(rule, value, made);
        if (failure === undefined) return;
        const field = rule.fieldPath?.split('.').filter(Boolean) ?? culprit(rule, value);
        problems.push({ kind: 'rule', message: failure, path: [...path, ...field] });
      });
  return problems;
}

/** Says why a rule does not hold; an expression that cannot be evaluated (a field that it reads is absent) counts as broken, as for the API server. */
function evaluate(rule: Compiled, value: Json, made = new WeakMap<object, unknown>()): string | undefined {
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

/** Visits what `from` leads to. `place`: how far it was followed; only valid during the visit. */
function each(
  value: Json | undefined,
  from: readonly string[],
  place: (string | number)[],
  use: (value: Json, place: FieldPath) => void,
): void {
  if (value === undefined || value === null) return;
  const step = from[place.length];
  const into = (key: string | number, member: Json | undefined) => {
    place.push(key);
    each(member, from, place, use);
    place.pop();
  };
  if (step === undefined) use(value, place);
  else if (step === '[]') {
    if (Array.isArray(value)) for (const [i, item] of (value as readonly Json[]).entries()) into(i, item);
  } else if (typeof value === 'object' && !Array.isArray(value)) {
    const object = value as JsonObject;
    const keys = step === '{}' ? Object.keys(object) : Object.hasOwn(object, step) ? [step] : [];
    for (const key of keys) into(key, own(object, key));
  }
}

function repeatedItems(items: readonly Json[], schema: JsonSchema, path: FieldPath, problems: CrdProblem[]): void {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []) as readonly string[];
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

/** Items of a list of type map have keys of their own, items of a set are different. */
function duplicates(
  value: Json | undefined,
  schema: JsonSchema | undefined,
  path: FieldPath,
  problems: CrdProblem[],
): void {
  if (!schema || typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) {
    for (const [key, member] of Object.entries(value as JsonObject)) {
      const more = schema.additionalProperties;
      duplicates(
        member,
        own(schema.properties, key) ?? (typeof more === 'object' ? more : undefined),
        [...path, key],
        problems,
      );
    }
    return;
  }
  const items = value as readonly Json[];
  repeatedItems(items, schema, path, problems);
  for (const [index, item] of items.entries()) duplicates(item, schema.items, [...path, index], problems);
}
