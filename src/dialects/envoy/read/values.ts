// Values of protobuf as JSON has them: numbers as text, wrappers as a value or as `{value}`, durations as `1.5s` or `{seconds, nanos}`,
// enumerations by name or by number.

import { type Json, table } from '../../../model/index.js';
import { field, list, type Node } from './node.js';

export function textOf(node: Node | undefined): string | undefined {
  const value = unwrapped(node);
  return typeof value === 'string' ? value : undefined;
}

export const text = (node: Node | undefined, name: string): string | undefined => textOf(field(node, name));

/** Undefined: not set. */
export function flag(node: Node | undefined, name: string): boolean | undefined {
  const value = unwrapped(field(node, name));
  return typeof value === 'boolean' ? value : undefined;
}

export function numberOf(node: Node | undefined): number | undefined {
  const value = unwrapped(node);
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export const number = (node: Node | undefined, name: string): number | undefined => numberOf(field(node, name));

export const texts = (node: Node | undefined, name: string): string[] =>
  list(node, name).flatMap((item) => textOf(item) ?? []);

/** `{value: x}` is a wrapper where a plain value is wanted. */
function unwrapped(node: Node | undefined): Json | undefined {
  const value = node?.value;
  return typeof value === 'object' ? field(node, 'value')?.value : value;
}

/** Milliseconds; undefined: not set, or no duration. */
export function durationMs(node: Node | undefined, name: string): number | undefined {
  const found = field(node, name);
  if (!found) return undefined;
  const { value } = found;
  if (typeof value === 'string') {
    const m = /^(\d+(?:\.\d+)?)s$/.exec(value);
    return m ? Number(m[1]) * 1000 : undefined;
  }
  if (typeof value !== 'object') return undefined;
  return (number(found, 'seconds') ?? 0) * 1000 + (number(found, 'nanos') ?? 0) / 1e6;
}

/** The name of an enumeration's value; `names`: by number. */
export function enumeration(node: Node | undefined, name: string, names: readonly string[]): string | undefined {
  const found = field(node, name);
  if (!found) return undefined;
  return typeof found.value === 'number' ? names[found.value] : textOf(found);
}

const DENOMINATORS = ['HUNDRED', 'TEN_THOUSAND', 'MILLION'];
const PARTS = table<number>({ HUNDRED: 1, TEN_THOUSAND: 100, MILLION: 10_000 });

/** envoy.type.v3.FractionalPercent in percent, 0..100. */
export function percentOf(node: Node | undefined): number {
  const denominator = enumeration(node, 'denominator', DENOMINATORS) ?? 'HUNDRED';
  return Math.min(100, (number(node, 'numerator') ?? 0) / (PARTS.get(denominator) ?? 1));
}

/** RuntimeFractionalPercent; `missing` where it is not set. What the runtime says in its place is not in the configuration. */
export function fractionOf(node: Node | undefined, missing: number): number {
  return node ? percentOf(field(node, 'default_value')) : missing;
}
