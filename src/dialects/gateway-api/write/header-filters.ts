// Changes of headers as RequestHeaderModifier and ResponseHeaderModifier.

import { type HeaderOps, type Origin, withoutUncomputed } from '../../../model/index.js';
import type { Report } from './report.js';

type Field = 'requestHeaderModifier' | 'responseHeaderModifier';
export type Filter = Readonly<Record<string, unknown>> & { readonly type: string };

/** Of a rule or a backendRef; nothing where there are none. */
export const filters = (list: readonly Filter[]): Readonly<Record<string, unknown>> =>
  list.length === 0 ? {} : { filters: list };

const TYPES = {
  requestHeaderModifier: 'RequestHeaderModifier',
  responseHeaderModifier: 'ResponseHeaderModifier',
} as const;

/** `host`: what the destination gets as `Host`, where a hostname rewrite cannot say it. */
export function headerFilter(
  field: Field,
  all: HeaderOps | undefined,
  origin: Origin,
  report: Report,
  host?: string,
): readonly Filter[] {
  const ops = withoutUncomputed(all);
  const set = [...(ops?.set ?? []), ...(host === undefined ? [] : [['host', host] as const])];
  const written = {
    ...list('set', entries(set, origin, report)),
    ...list('add', entries(ops?.add ?? [], origin, report)),
    ...list('remove', [...(ops?.remove ?? [])]),
  };
  return Object.keys(written).length === 0 ? [] : [{ type: TYPES[field], [field]: written }];
}

const list = (key: string, values: readonly unknown[]) => (values.length === 0 ? {} : { [key]: values });

function entries(pairs: readonly (readonly [string, string])[], origin: Origin, report: Report) {
  const written: { name: string; value: string }[] = [];
  for (const [name, value] of pairs) {
    if (value === '') report.add('headers.empty', `header ${name} cannot be set to an empty value`, origin);
    else if (written.some((w) => w.name.toLowerCase() === name.toLowerCase())) {
      report.add('headers.repeated', `only one value of header ${name} can be written`, origin);
    } else written.push({ name, value });
  }
  if (written.length > 16) report.add('headers.size', 'more than 16 headers in one filter', origin);
  return written.slice(0, 16);
}
