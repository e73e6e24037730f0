// Definitions and references: which object a field names, and where an object is named.

import type { FieldRow } from '../dialects/reference-field.js';
import { referencesOf as referencesByDialect } from '../dialects/reference-fields.gen.js';
import {
  type FieldPath,
  isObject,
  type Json,
  type Origin,
  originOf,
  own,
  type Resource,
  valueAt,
} from '../model/index.js';
import type { Checked, Spot } from './workspace.js';

/** Where one object is named by another. */
interface Reference {
  readonly at: Origin;
  names(resource: Resource): boolean;
}

const kindOf = ({ group, kind }: Resource): string => `${group}/${kind}`;

/** Kind → rows; of an Ingress, those of each dialect that reads Ingresses. */
const FIELDS = new Map<string, FieldRow[]>();
for (const [kind, rows] of Object.values(referencesByDialect).flat())
  FIELDS.set(kind, [...(FIELDS.get(kind) ?? []), ...rows]);

function* referencesOf(resource: Resource): Generator<Reference> {
  for (const rows of [FIELDS.get('*') ?? [], FIELDS.get(kindOf(resource)) ?? []])
    for (const row of rows)
      for (const path of pathsOf(resource.object, row.path, [])) yield* referencesAt(resource, row, path);
}

function* referencesAt(
  resource: Resource,
  { kinds, reading, listed }: FieldRow,
  path: FieldPath,
): Generator<Reference> {
  const text = valueAt(resource.object, path);
  if (typeof text !== 'string') return;
  const around = valueAt(resource.object, path.slice(0, -1));
  const meant = kindsMeant(kinds, around);
  for (const name of listed ? text.split(',').map((part) => part.trim()) : [text]) {
    const isMeant = reading(name, resource, around);
    yield { at: originOf(resource, ...path), names: (other) => meant.includes(kindOf(other)) && isMeant(other) };
  }
}

/** A kind beside the name counts, with its group or as one of those that may be meant. */
function kindsMeant(kinds: readonly string[], around: Json | undefined): readonly string[] {
  if (!isObject(around)) return kinds;
  const kind = own(around, 'kind');
  if (typeof kind !== 'string') return kinds;
  const group = own(around, 'group') ?? own(around, 'apiGroup');
  if (typeof group === 'string') return [`${group}/${kind}`];
  const among = kinds.filter((one) => one.endsWith(`/${kind}`));
  return among.length > 0 ? among : [`/${kind}`];
}

function* pathsOf(value: Json | undefined, [step, ...rest]: readonly string[], path: FieldPath): Generator<FieldPath> {
  if (step === undefined) yield path;
  else if (step !== '*') {
    if (isObject(value)) yield* pathsOf(own(value, step), rest, [...path, step]);
  } else if (Array.isArray(value))
    for (const [i, item] of (value as readonly Json[]).entries()) yield* pathsOf(item, rest, [...path, i]);
}

const samePath = (a: FieldPath, b: FieldPath): boolean => a.length === b.length && a.every((step, i) => step === b[i]);

/** The objects that the field under the cursor names. */
function targetsOf(checked: Checked, { resource, path }: Spot): readonly Resource[] {
  const here = [...referencesOf(resource)].filter(({ at }) => samePath(at.path, path));
  return checked.config.catalog.all.filter((other) => here.some(({ names }) => names(other)));
}

const nameOf = (resource: Resource): Origin => originOf(resource, 'metadata', 'name');

export const definitionsOf = (checked: Checked, spot: Spot): readonly Origin[] => targetsOf(checked, spot).map(nameOf);

/** Where the object under the cursor is named, or the one that the field under the cursor names. */
export function referencesTo(checked: Checked, spot: Spot, withDeclaration: boolean): readonly Origin[] {
  const named = targetsOf(checked, spot);
  const targets = named.length > 0 ? named : [spot.resource];
  const found = checked.config.catalog.all
    .flatMap((resource) => [...referencesOf(resource)])
    .filter(({ names }) => targets.some(names))
    .map(({ at }) => at);
  return withDeclaration ? [...targets.map(nameOf), ...found] : found;
}
