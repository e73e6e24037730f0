// request-transformer (kong/plugins/request-transformer/access.lua): path, method, headers and query of what the destination gets, in
// this order; of each: remove, rename, replace what is there, add what is not, append. What depends on a header splits the branch.

import { append, own, type PathRewrite, type QueryOps } from '../../../model/index.js';
import { objectOf, stringOf } from '../../../resources/fields.js';
import type { KongPlugin } from '../entities.js';
import { ANYTHING } from '../patterns.js';
import { absent, type Branch, type Edit, present, withHeader, withQueryParameter } from './branch.js';
import { inner, text } from './config.js';
import { pairOf } from './pairs.js';
import type { PluginContext, PluginRules } from './plugin.js';
import { alternativesOf, type Need, type Part, substitutionText, templateText } from './template.js';

/** More branches than this are not made: what the plugin does then is named as not predicted. */
const MOST = 64;

export const rules: PluginRules = {
  name: 'request-transformer',
  priority: 801,
  access: (branch, plugin, context) => {
    const uri = stringOf(own(objectOf(own(plugin.config, 'replace')) ?? {}, 'uri'));
    const steps: Step[] = [
      ...(uri === undefined || uri === '' ? [] : [uriStep(uri)]),
      methodStep(plugin),
      ...headerSteps(plugin),
      queryStep(plugin),
    ];
    let ways: readonly Way[] = [{ branch, given: new Map() }];
    for (const step of steps) {
      const next: Way[] = [];
      for (const way of ways) append(next, step(way, context) ?? [notPredicted(way, plugin)]);
      if (next.length > MOST) return [notPredicted({ branch, given: new Map() }, plugin).branch];
      ways = next;
    }
    return ways.map((way) => way.branch);
  },
};

/** Headers as the plugin has changed them so far: there or not, by lower-case name; absent: as the request has them. */
interface Way {
  readonly branch: Branch;
  readonly given: ReadonlyMap<string, boolean>;
}

/** Undefined: not computed. */
type Step = (way: Way, context: PluginContext) => readonly Way[] | undefined;

function notPredicted(way: Way, plugin: KongPlugin): Way {
  const { branch } = way;
  const detail =
    'what request-transformer makes of a request is not computed: too many cases, or an expression that is not read';
  const unknown = [...(branch.unknown ?? []), { feature: 'plugin.request-transformer', detail, origin: plugin.origin }];
  return { ...way, branch: { ...branch, unknown } };
}

/** The way where these are there, and these are not. */
function needing(way: Way, needs: readonly Need[]): Way | undefined {
  let { branch }: { branch: Branch | undefined } = way;
  for (const { kind, name, there } of needs) {
    if (!branch) return undefined;
    if (kind === 'header') branch = withHeader(branch, there ? present(name) : absent(name));
    else branch = withQueryParameter(branch, { name, value: { kind: 'any' }, ...(there ? {} : { invert: true }) });
  }
  return branch && { ...way, branch };
}

interface Valued {
  readonly way: Way;
  readonly parts: readonly Part[];
}

/** One way for each value that the template can have. */
function valuesOf(way: Way, template: string, context: PluginContext): readonly Valued[] | undefined {
  return alternativesOf(template, context)?.flatMap(({ parts, needs }) => {
    const narrowed = needing(way, needs);
    return narrowed ? [{ way: narrowed, parts }] : [];
  });
}

/** The same, of values that are templates of the model. */
function valued(
  way: Way,
  template: string,
  context: PluginContext,
  then: (way: Way, value: string) => Way,
): readonly Way[] | undefined {
  const out: Way[] = [];
  for (const { way: narrowed, parts } of valuesOf(way, template, context) ?? []) {
    const value = templateText(parts, context);
    if (value === undefined) return undefined;
    out.push(then(narrowed, value));
  }
  return out.length > 0 ? out : undefined;
}

/** The whole path; what the pattern of the path caught makes it a replacement. */
const uriStep =
  (uri: string): Step =>
  (way, context) => {
    const out: Way[] = [];
    for (const { way: narrowed, parts } of valuesOf(way, uri, context) ?? []) {
      const caught = parts.some((part) => 'group' in part);
      const substitution = caught ? substitutionText(parts) : undefined;
      const plain = templateText(parts, context);
      if (substitution === undefined && plain === undefined) return undefined;
      const rewrite: PathRewrite =
        substitution === undefined
          ? { kind: 'full', to: plain! }
          : { kind: 'regex', pattern: `^(?:${context.pattern?.text})${ANYTHING}`, substitution, all: false };
      out.push({ ...narrowed, branch: { ...narrowed.branch, uri: rewrite } });
    }
    return out.length > 0 ? out : undefined;
  };

const methodStep =
  (plugin: KongPlugin): Step =>
  (way) => {
    const method = text(plugin, 'http_method');
    return [method === undefined ? way : { ...way, branch: { ...way.branch, method: method.toUpperCase() } }];
  };

const headerSteps = (plugin: KongPlugin): readonly Step[] => {
  const pairs = (group: string) => inner(plugin, group, 'headers').map(pairOf);
  return [
    ...pairs('remove').map(
      ({ name }): Step =>
        (way) => [removed(way, name.toLowerCase())],
    ),
    ...pairs('rename').map(
      ({ name, value = '' }): Step =>
        (way) =>
          either(way, name.toLowerCase(), (w) => renamed(w, name.toLowerCase(), value.toLowerCase())),
    ),
    ...pairs('replace').map(({ name, value = '' }): Step => replacing(name.toLowerCase(), value)),
    ...pairs('add').map(({ name, value = '' }): Step => adding(name.toLowerCase(), value)),
    ...pairs('append').map(({ name, value = '' }): Step => appending(name.toLowerCase(), value)),
  ];
};

const edited = (way: Way, edits: readonly Edit[], given: readonly (readonly [string, boolean])[]): Way => ({
  branch: { ...way.branch, request: [...way.branch.request, ...edits] },
  given: new Map([...way.given, ...given]),
});

const removed = (way: Way, name: string): Way => edited(way, [{ op: 'remove', name }], [[name, false]]);

/** Where the header is there, and where it is not. */
function either(
  way: Way,
  name: string,
  then: (way: Way) => Way,
  otherwise: (way: Way) => Way = (w) => w,
): readonly Way[] {
  const known = way.given.get(name) ?? setBefore(way.branch, name);
  if (known !== undefined) return [known ? then(way) : otherwise(way)];
  const there = withHeader(way.branch, present(name));
  const not = withHeader(way.branch, absent(name));
  return [...(there ? [then({ ...way, branch: there })] : []), ...(not ? [otherwise({ ...way, branch: not })] : [])];
}

/** What an earlier plugin did with the header: set or removed; undefined: nothing. */
function setBefore({ request }: Branch, name: string): boolean | undefined {
  const last = request.findLast((edit) => edit.name === name);
  return last && last.op !== 'remove';
}

const renamed = (way: Way, name: string, to: string): Way =>
  name === to
    ? way
    : edited(
        way,
        [
          { op: 'set', name: to, value: `%REQ(${name})%` },
          { op: 'remove', name },
        ],
        [
          [name, false],
          [to, true],
        ],
      );

const replacing =
  (name: string, template: string): Step =>
  (way, context) => {
    const out: Way[] = [];
    for (const { way: narrowed, parts } of valuesOf(way, template, context) ?? []) {
      const value = templateText(parts, context);
      if (value === undefined) return undefined;
      if (name === 'host') out.push({ ...narrowed, branch: { ...narrowed.branch, host: value } });
      else
        append(
          out,
          either(narrowed, name, (w) => edited(w, [{ op: 'set', name, value }], [[name, true]])),
        );
    }
    return out.length > 0 ? out : undefined;
  };

const adding =
  (name: string, template: string): Step =>
  (way, context) => {
    if (name === 'host') return [way];
    const out: Way[] = [];
    for (const part of either(way, name, (w) => ({ ...w, given: new Map([...w.given, [name, true]]) }))) {
      if (part.given.get(name) === true) {
        out.push(part);
        continue;
      }
      const set = valued(part, template, context, (w, value) =>
        edited(w, [{ op: 'set', name, value }], [[name, true]]),
      );
      if (!set) return undefined;
      append(out, set);
    }
    return out;
  };

const appending =
  (name: string, template: string): Step =>
  (way, context) =>
    valued(way, template, context, (w, value) => edited(w, [{ op: 'add', name, value }], [[name, true]]));

/** Headers are read once, when a value first asks for one: before they are changed, or after. */
function readsHeadersBefore(plugin: KongPlugin): boolean {
  const uri = stringOf(own(objectOf(own(plugin.config, 'replace')) ?? {}, 'uri')) ?? '';
  const groups = ['replace', 'add', 'append'].flatMap((group) => inner(plugin, group, 'headers'));
  return [uri, ...groups].some((value) => /\$\([^)]*headers/.test(value));
}

/** The value with the host as it is by now; undefined: it reads another header that was changed. */
function afterHeaders(value: string, { branch, given }: Way): string | undefined {
  const names = [...value.matchAll(/headers(?:\.([\w]+)|\[\s*["'](.*?)["']\s*\])/g)].map(([, a, b]) =>
    (a ?? b ?? '').toLowerCase().replaceAll('_', '-'),
  );
  if (names.some((name) => given.has(name))) return undefined;
  if (branch.host === undefined || /[%"]/.test(branch.host)) return value;
  return value.replace(/headers(?:\.host|\[\s*["']host["']\s*\])/gi, JSON.stringify(branch.host));
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** A way, and what is replaced, added and appended on it so far. */
interface Partial {
  readonly way: Way;
  readonly lists: readonly Pairs[];
}

/** One for each value; undefined: not computed. */
function withPair(
  { way, lists }: Partial,
  { at, name, value }: { readonly at: number; readonly name: string; readonly value: string },
  plugin: KongPlugin,
  context: PluginContext,
): readonly Partial[] | undefined {
  const seen = readsHeadersBefore(plugin) ? value : afterHeaders(value, way);
  const values = seen === undefined ? undefined : valuesOf(way, seen, context);
  const out: Partial[] = [];
  for (const { way: narrowed, parts } of values ?? []) {
    const template = templateText(parts, context);
    if (template === undefined) return undefined;
    out.push({ way: narrowed, lists: lists.map((l, j) => (at === j ? [...l, [name, template] as const] : l)) });
  }
  return values && out;
}

/** Parameters are changed as one: their values may read the request. */
const queryStep =
  (plugin: KongPlugin): Step =>
  (way, context) => {
    const group = (name: string) => inner(plugin, name, 'querystring').map(pairOf);
    const [remove, rename] = [group('remove'), group('rename')];
    const lists = [group('replace'), group('add'), group('append')];
    if ([remove, rename, ...lists].every((list) => list.length === 0)) return [way];
    let partials: readonly Partial[] = [{ way, lists: [[], [], []] }];
    for (const [i, list] of lists.entries()) {
      for (const { name, value = '' } of list) {
        const next = partials.map((partial) => withPair(partial, { at: i, name, value }, plugin, context));
        if (next.some((found) => !found)) return undefined;
        partials = next.flatMap((found) => found ?? []);
      }
    }
    return partials.map((partial) => withQueryOps(partial.way, { remove, rename }, partial.lists));
  };

function withQueryOps(
  way: Way,
  {
    remove,
    rename,
  }: Readonly<Record<'remove' | 'rename', readonly { readonly name: string; readonly value?: string }[]>>,
  [replace = [], add = [], appended = []]: readonly Pairs[],
): Way {
  const removed = [...(way.branch.queryOps?.remove ?? []), ...remove.map(({ name }) => name)];
  const ops: QueryOps = {
    ...(removed.length > 0 ? { remove: removed } : {}),
    ...(rename.length > 0 ? { rename: rename.map(({ name, value = '' }) => [name, value] as const) } : {}),
    ...(replace.length > 0 ? { replace } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(appended.length > 0 ? { append: appended } : {}),
  };
  return { ...way, branch: { ...way.branch, queryOps: ops } };
}
