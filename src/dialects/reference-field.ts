// Which fields name other objects: a table for each dialect (`reference-fields.ts` of its folder), of rows as they are made here. Whether the
// name is right is lint's part.

import { isObject, type Json, own, type Resource } from '../model/index.js';
import { isClusterScoped } from './registry.js';

/** Whether an object is the one that a text names; `from`: the object with the text, `around`: what the text is a field of. */
export type Reading = (text: string, from: Resource, around: Json | undefined) => (resource: Resource) => boolean;

export interface FieldRow {
  /** `*` is every item of a list; a key of annotations is one step. */
  readonly path: readonly string[];
  /** Those (`group/Kind`) that are meant where no kind (and group) stands beside the text; empty: only what stands there. */
  readonly kinds: readonly string[];
  readonly reading: Reading;
  /** The text is a list, separated by commas: each part names one. */
  readonly listed?: true;
}

/** Fields of objects of one kind (`group/Kind`); `*`: of every kind. */
export type References = readonly (readonly [kind: string, rows: readonly FieldRow[]])[];

export const field = (path: string, kinds: readonly string[], reading: Reading = beside): FieldRow => ({
  path: path.split('.'),
  kinds,
  reading,
});
export const annotation = (key: string, kinds: readonly string[], reading: Reading = beside): FieldRow => ({
  path: ['metadata', 'annotations', key],
  kinds,
  reading,
});
/** An annotation that is a list, separated by commas. */
export const annotationList = (...row: Parameters<typeof annotation>): FieldRow => ({
  ...annotation(...row),
  listed: true,
});

export const SERVICE = '/Service';
export const SECRET = '/Secret';
export const CONFIG_MAP = '/ConfigMap';
export const INGRESS = 'networking.k8s.io/Ingress';

export const textOf = (value: Json | undefined, key: string): string | undefined => {
  const found = isObject(value) ? own(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
};
export const listOf = (value: Json | undefined, key: string): readonly Json[] => {
  const found = isObject(value) ? own(value, key) : undefined;
  return Array.isArray(found) ? (found as readonly Json[]) : [];
};

/** Whether it has that name there; what has no namespace is everywhere. */
export const isAt = (resource: Resource, namespace: string, name: string): boolean =>
  resource.name === name && (resource.namespace === namespace || isClusterScoped(resource));

/** The namespace stands beside the name, or is the object's own. */
export const beside: Reading = (name, from, around) => {
  const namespace = textOf(around, 'namespace') ?? from.namespace;
  return (resource) => isAt(resource, namespace, name);
};
/** `namespace/name`, or a name. */
export const slashed: Reading = (text, from) => {
  const [first = '', name] = text.split('/');
  return (resource) => isAt(resource, name === undefined ? from.namespace : first, name ?? first);
};
/** In the namespace of the gateway's workload, which no file has to say. */
export const anywhere: Reading = (text) => (resource) => resource.name === text.split('/').at(-1);
