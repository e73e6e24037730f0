// Kinds that do not exist in the API groups that the dialects know: a slip of the pen, of which the API server says `no matches for kind`.

import type { Resource } from '../model/index.js';
import { table } from '../model/index.js';
import type { Catalog } from './catalog.js';
import { objectOf, specOf, stringOf } from './fields.js';
import { ALL_KINDS } from './known-kinds.gen.js';

const KINDS = table(ALL_KINDS);

const GROUPS: readonly string[] = [...KINDS.keys()];
/** Groups in which people leave an object whose group they forgot. */
const PLAIN_GROUPS = new Set(['', 'apps', 'extensions']);

/** A kind that does not exist where the object says it does. */
export interface MistypedKind {
  readonly resource: Resource;
  /** `no kind VirtualServce in networking.istio.io`. */
  readonly message: string;
  /** `VirtualService`, or `networking.istio.io/VirtualService` where the group is wrong; absent: nothing is near. */
  readonly suggestion?: string;
  /** The field with the slip. */
  readonly field: 'kind' | 'apiVersion';
}

/** `nearest`: the closest of some names to a text, or undefined. In reading order. */
export function mistypedKinds(
  catalog: Catalog,
  nearest: (text: string, names: readonly string[]) => string | undefined,
): MistypedKind[] {
  const defined = new Set(
    catalog.ofKind('apiextensions.k8s.io/CustomResourceDefinition').map((crd) => {
      const spec = specOf(crd);
      return `${stringOf(spec.group)}/${stringOf(objectOf(spec.names)?.kind)}`;
    }),
  );
  const known = new Map<string, Omit<MistypedKind, 'resource'> | undefined>();
  return catalog.all.flatMap((resource): MistypedKind[] => {
    const key = `${resource.group}/${resource.kind}`;
    if (defined.has(key)) return [];
    if (!known.has(key)) known.set(key, mistyped(resource, nearest));
    const found = known.get(key);
    return found ? [{ resource, ...found }] : [];
  });
}

function mistyped(
  { group, kind }: Resource,
  nearest: (text: string, names: readonly string[]) => string | undefined,
): Omit<MistypedKind, 'resource'> | undefined {
  const kinds = KINDS.get(group);
  const message = `no kind ${kind} in ${group === '' ? 'the core group (v1)' : group}`;
  if (kinds) {
    if (kinds.includes(kind)) return undefined;
    const sameLetters = kinds.find((k) => k.toLowerCase() === kind.toLowerCase());
    const near = sameLetters ?? nearest(kind, kinds);
    if (near !== undefined) return { message, suggestion: near, field: 'kind' };
    const elsewhere = groupOf(kind);
    return {
      message,
      ...(elsewhere ? { suggestion: `${elsewhere}/${kind}` } : {}),
      field: elsewhere ? 'apiVersion' : 'kind',
    };
  }
  const near = group === '' ? undefined : (nearest(group, GROUPS) ?? sameStem(group));
  if (near !== undefined && KINDS.get(near)?.includes(kind))
    return { message, suggestion: `${near}/${kind}`, field: 'apiVersion' };
  // `extensions` had Ingress once; the other plain groups never had a kind of these.
  const own = PLAIN_GROUPS.has(group) && !(group === 'extensions' && /^(Ingress|NetworkPolicy)$/.test(kind));
  const elsewhere = own ? groupOf(kind) : undefined;
  return elsewhere ? { message, suggestion: `${elsewhere}/${kind}`, field: 'apiVersion' } : undefined;
}

/** The only group that has the kind. */
function groupOf(kind: string): string | undefined {
  const found = GROUPS.filter((group) => KINDS.get(group)?.includes(kind));
  return found.length === 1 ? found[0] : undefined;
}

/** `networking.istio.com` for `networking.istio.io`: the same but for what is behind the last dot. */
const sameStem = (group: string): string | undefined => GROUPS.find((g) => stem(g) === stem(group) && stem(g) !== '');
const stem = (group: string): string => group.slice(0, Math.max(group.lastIndexOf('.'), 0));
