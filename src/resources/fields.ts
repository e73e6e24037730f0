// Reading of loosely typed YAML: what is not of the wanted type counts as absent (schema findings are lint's work).

import {
  type FieldPath,
  isObject,
  type Json,
  type JsonObject,
  type Origin,
  put,
  type Resource,
  table,
} from '../model/index.js';

/** A value and the place it was written at; in a merged rule the places differ from field to field. */
export interface Field<T = Json> {
  readonly value: T;
  readonly origin: Origin;
}

export const objectOf = (v: Json | undefined): JsonObject | undefined => (isObject(v) ? v : undefined);
const EMPTY: readonly Json[] = [];
export const listOf = (v: Json | undefined): readonly Json[] => (Array.isArray(v) ? (v as readonly Json[]) : EMPTY);
/** The list itself where all of it are objects, as nearly always; what is none counts as empty. */
export const objectsOf = (v: Json | undefined): readonly JsonObject[] => {
  const list = listOf(v);
  return list.every(isObject) ? list : list.map((x) => objectOf(x) ?? {});
};
export const stringOf = (v: Json | undefined): string | undefined => (typeof v === 'string' ? v : undefined);
export const booleanOf = (v: Json | undefined): boolean | undefined => (typeof v === 'boolean' ? v : undefined);
export const stringsOf = (v: Json | undefined): readonly string[] =>
  listOf(v).filter((x): x is string => typeof x === 'string');

/** protojson takes numbers as text too. */
export function numberOf(v: Json | undefined): number | undefined {
  if (typeof v === 'number') return v;
  return typeof v === 'string' && /^\d+(\.\d+)?$/.test(v) ? Number(v) : undefined;
}

export function stringMapOf(v: Json | undefined): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectOf(v) ?? {})) if (typeof value === 'string') put(out, key, value);
  return out;
}

const UNIT_NANOSECONDS = table<number>({
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
});

/** A Go duration (`1h30m`, `0.5s`, `100ms`) in ms. */
export function durationMsOf(v: Json | undefined): number | undefined {
  if (typeof v !== 'string' || v.length > 64) return undefined;
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(v)) return undefined;
  return nanosecondsIn(v) / 1e6;
}

/** The same with a sign, where the API takes one. */
export const signedDurationMsOf = (v: Json | undefined): number | undefined => {
  const sign = typeof v === 'string' ? /^[+-]/.exec(v)?.[0] : undefined;
  if (sign === undefined) return durationMsOf(v);
  const ms = durationMsOf((v as string).slice(1));
  return ms !== undefined && sign === '-' ? 0 - ms : ms;
};

/** The sum of the amounts in a text that has the form of a Go duration, its sign left out. */
export function nanosecondsIn(duration: string): number {
  let sum = 0;
  for (const [, amount, unit] of duration.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g))
    sum += Number(amount) * UNIT_NANOSECONDS.get(unit!)!;
  return sum;
}

/** A Go duration for ms: `5s`, `250ms`. Whole milliseconds and at least one, as Istio and the Gateway API want them; what is negative stays so. */
export const durationText = (ms: number): string =>
  ms % 1000 === 0 ? `${ms / 1000}s` : `${ms < 0 ? Math.floor(ms) : Math.max(1, Math.round(ms))}ms`;

export const specOf = (resource: Resource): JsonObject => objectOf(resource.object.spec) ?? {};

/** A place inside of another. */
export const at = (origin: Origin, ...more: FieldPath): Origin => ({
  resource: origin.resource,
  path: origin.path.concat(more),
});

/** Orders text as Go does, by code unit: independent of locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
