// Damage to the output of a translation: every element of every list dropped, neighbours swapped, every field dropped, every value changed.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Objects = readonly Readonly<Record<string, unknown>>[];

/** The damaged copy of all objects, and what was done. `stride` and `start` take a sample of them. */
export function* damages(objects: Objects, stride = 1, start = 0): Generator<[what: string, objects: Objects]> {
  let n = 0;
  for (const [o, object] of objects.entries()) {
    const name = `${object.kind} ${(object.metadata as { name: string }).name}`;
    for (const [what, change] of [['dropped', undefined] as const, ...changes(object.spec as Json, ['spec'])]) {
      if (n++ % stride !== start % stride) continue;
      const copy = structuredClone(objects) as Record<string, Json>[];
      if (change) change(copy[o]!);
      else copy.splice(o, 1);
      yield [`${name} ${what}`, copy];
    }
  }
}

type Change = (object: { [key: string]: Json }) => void;

function* changes(value: Json, path: (string | number)[]): Generator<[string, Change]> {
  const at = path.join('.');
  const parent = (object: { [key: string]: Json }) => reach(object, path.slice(0, -1)) as { [key: string]: Json };
  const key = path.at(-1)!;
  if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) {
      yield [`${at}.${i} dropped`, (o) => void (reach(o, path) as Json[]).splice(i, 1)];
      if (i + 1 < value.length && typeof element === 'object')
        yield [
          `${at}.${i} and ${i + 1} swapped`,
          (o) => {
            const list = reach(o, path) as Json[];
            [list[i], list[i + 1]] = [list[i + 1]!, list[i]!];
          },
        ];
      yield* changes(element, [...path, i]);
    }
  } else if (value && typeof value === 'object') {
    for (const [field, inner] of Object.entries(value)) {
      if (path.length > 1) yield [`${at}.${field} dropped`, (o) => void delete (reach(o, path) as never)[field]];
      yield* changes(inner, [...path, field]);
    }
  } else if (typeof value === 'string') yield [`${at} changed`, (o) => void (parent(o)[key] = `${value}x`)];
  else if (typeof value === 'number') yield [`${at} changed`, (o) => void (parent(o)[key] = value + 1)];
  else if (typeof value === 'boolean') yield [`${at} changed`, (o) => void (parent(o)[key] = !value)];
}

const reach = (object: Json, path: readonly (string | number)[]): Json =>
  path.reduce((value, key) => (value as never)[key], object);
