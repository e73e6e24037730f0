// Header changes of one level, as Envoy's HeaderParser does them: names are removed, then every value is evaluated
// against what is there now, then `set` replaces and `add` appends; an empty value changes nothing
// (source/common/router/header_parser.cc, evaluateHeaders).

import { append, type HeaderOps } from '../model/index.js';
import type { HeaderEdit } from './decision.js';
import type { EngineRules } from './engines/engine-rules.js';
import { applyEdit } from './header-edit.js';
import type { RequestView } from './request-view.js';
import { type CompiledTemplate, compileTemplate, evaluateTemplate, type TemplateScope } from './template.js';

export interface CompiledHeaderOps {
  readonly remove: readonly HeaderEdit[];
  readonly write: readonly { readonly op: 'set' | 'append'; readonly name: string; readonly value: CompiledTemplate }[];
}

export function compileHeaderOps(ops: HeaderOps | undefined): CompiledHeaderOps | undefined {
  if (!ops) return undefined;
  const write = (op: 'set' | 'append', list: HeaderOps['set']) =>
    (list ?? []).map(([name, value]) => ({ op, name: name.toLowerCase(), value: compileTemplate(value) }));
  return {
    remove: (ops.remove ?? []).map((name) => ({ op: 'remove', name: name.toLowerCase(), value: '' })),
    write: [...write('set', ops.set), ...write('append', ops.add)],
  };
}

/** Adds the changes of one level to `edits`. `scope` sees the changes made before. */
export function applyHeaderOps(
  ops: CompiledHeaderOps | undefined,
  edits: HeaderEdit[],
  scope: TemplateScope,
  { operators, sendsEmptyHeaders }: Pick<EngineRules, 'operators' | 'sendsEmptyHeaders'>,
): void {
  if (!ops) return;
  for (const edit of ops.remove) edits.push(edit);
  const written: HeaderEdit[] = [];
  for (const { op, name, value } of ops.write) {
    const text = evaluateTemplate(value, scope, operators);
    if (value.late && !scope.response) {
      const late: HeaderEdit['late'] = (response) =>
        onTheWire(evaluateTemplate(value, { ...scope, response }, operators));
      written.push({ op, name, value: onTheWire(text), late });
    } else if (text !== '' || sendsEmptyHeaders) written.push({ op, name, value: onTheWire(text) });
  }
  append(edits, written);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** Blanks around a value are no part of it for whoever reads the line (RFC 9110, 5.5). */
function onTheWire(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The lines of a request header after `edits`. */
export function linesAfter(view: RequestView, edits: readonly HeaderEdit[], name: string): readonly string[] {
  let lines = view.lines(name);
  for (const edit of edits) if (edit.name === name) lines = applyEdit(lines, edit);
  return lines;
}

/** What templates of the request see: pseudo headers as given, others after `edits`. */
export function requestScope(
  view: RequestView,
  edits: readonly HeaderEdit[],
  more: { readonly routeName?: string | undefined; readonly destination?: string | undefined },
  rewritten?: { readonly path: string; readonly host: string },
): TemplateScope {
  return {
    view,
    routeName: more.routeName,
    destination: more.destination,
    requestHeader(name) {
      if (rewritten && name === ':path') return rewritten.path;
      if (rewritten && (name === ':authority' || name === 'host')) return rewritten.host;
      const changed = edits.some((e) => e.name === name);
      const lines = changed ? linesAfter(view, edits, name) : view.lines(name);
      if (lines.length > 1 && !view.joins(name)) return lines[0];
      return changed ? (lines.length === 0 ? undefined : lines.join(',')) : view.header(name);
    },
  };
}
