// The value of one annotation as the controller gets it: checkAnnotation in annotations/parser/validators.go, then
// parseBool, parseInt and parseString in parser/main.go (kubernetes/ingress-nginx controller-v1.15.1).

import { type Origin, originOf, type Resource } from '../../../model/index.js';
import { accepts, parseBool, parseInteger } from './check.js';
import { annotationSpec, annotationTable, PREFIX } from './table.js';

/** `refused`: the check says no. `unreadable`: no check ran (an empty value) and it cannot be parsed. */
export type Read<T> =
  | { readonly value: T }
  | { readonly value?: never; readonly why: 'missing' | 'refused' | 'unreadable' };

export interface Annotations {
  readonly resource: Resource;
  /** Name as written, without prefix: the alias where that one is used. */
  usedName(name: string): string;
  /** Whether the name or an alias of it is there, empty or not, or set for all Ingresses. */
  has(name: string): boolean;
  bool(name: string): Read<boolean>;
  int(name: string): Read<number>;
  text(name: string): Read<string>;
  origin(name: string): Origin;
}

const aliases = new Map<string, string>();
for (const spec of annotationTable) if (spec.aliasOf) aliases.set(spec.aliasOf, spec.name);

/** What counts where an Ingress does not have the annotation, and where that is set. */
export type AnnotationDefaults = ReadonlyMap<string, { readonly value: string; readonly origin: Origin }>;

export function annotationsOf(resource: Resource, defaults: AnnotationDefaults = new Map()): Annotations {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(resource.annotations))
    if (key.startsWith(PREFIX)) values.set(key.slice(PREFIX.length), value);
  const written = (name: string): string | undefined => values.get(name);
  const isWritten = (name: string): boolean =>
    written(name) !== undefined || written(aliases.get(name) ?? name) !== undefined;
  const fallback = (name: string) => (isWritten(name) ? undefined : defaults.get(name));
  const raw = (name: string): string | undefined => written(name) ?? fallback(name)?.value;
  const usedName = (name: string): string => {
    const alias = aliases.get(name);
    return !raw(name) && alias !== undefined && raw(alias) ? alias : name;
  };
  const read = <T>(name: string, parse: (text: string) => T | undefined): Read<T> => {
    const spec = annotationSpec(name);
    if (!spec) throw new Error(`no such annotation in the table: ${name}`);
    const text = raw(usedName(name));
    if (text === undefined) return { why: 'missing' };
    if (text !== '' && !accepts(spec.check, text)) return { why: 'refused' };
    const value = parse(text);
    return value === undefined ? { why: 'unreadable' } : { value };
  };
  return {
    resource,
    usedName,
    has: (name) => raw(usedName(name)) !== undefined,
    bool: (name) => read(name, parseBool),
    int: (name) => read(name, parseInteger),
    text: (name) =>
      read(
        name,
        (text) =>
          text
            .split('\n')
            .map((line) => line.trim())
            .join('\n') || undefined,
      ),
    origin: (name) => fallback(name)?.origin ?? originOf(resource, 'metadata', 'annotations', PREFIX + usedName(name)),
  };
}

/** The value, or this where the annotation is missing or of no use. */
export const or = <T>(read: Read<T>, fallback: T): T => (read.value === undefined ? fallback : read.value);

/** Present with a value that the controller takes; a switch has to be on. */
export const isOn = (a: Annotations, name: string): boolean =>
  annotationSpec(name)?.type === 'bool' ? a.bool(name).value === true : a.text(name).value !== undefined;
