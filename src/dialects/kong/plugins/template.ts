// Values of request-transformer: text with Lua expressions in `$(…)` (Penlight's templates). Read are what nearly all of them are: a
// header, a parameter, a capture of the path, texts, and `or` between them.

import { plainTemplate } from '../../../model/index.js';
import type { PluginContext } from './plugin.js';

/** One way that the value can be: where these headers and parameters are there, and these are not. */
export interface Alternative {
  readonly parts: readonly Part[];
  readonly needs: readonly Need[];
}

/** `template`: of the model; `group`: what it caught of the path. */
export type Part = { readonly text: string } | { readonly template: string } | { readonly group: number };

export interface Need {
  readonly kind: 'header' | 'query';
  readonly name: string;
  readonly there: boolean;
}

interface Capture {
  readonly kind: 'capture';
  readonly group: number;
}

type Term =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'header' | 'query'; readonly name: string }
  | Capture;

const TERM = [
  /^headers\.([A-Za-z_][\w]*)$/,
  /^headers\[\s*(["'])(.*?)\1\s*\]$/,
  /^query_params\.([A-Za-z_]\w*)$/,
  /^query_params\[\s*(["'])(.*?)\1\s*\]$/,
  /^uri_captures\[\s*(\d+)\s*\]$/,
  /^uri_captures\.([A-Za-z_]\w*)$/,
  /^uri_captures\[\s*(["'])(.*?)\1\s*\]$/,
] as const;

/** Undefined: the expression is another one. */
export function alternativesOf(template: string, context: PluginContext): readonly Alternative[] | undefined {
  let ways: readonly Alternative[] = [{ parts: [], needs: [] }];
  let at = 0;
  for (const found of template.matchAll(/\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)) {
    const values = expression(found[1]!, context);
    if (!values) return undefined;
    const literal = textPart(template.slice(at, found.index));
    ways = ways.flatMap((way) =>
      values.map((value) => ({
        parts: [...way.parts, ...literal, ...value.parts],
        needs: [...way.needs, ...value.needs],
      })),
    );
    if (ways.length > 16) return undefined;
    at = found.index + found[0].length;
  }
  const rest = template.slice(at);
  if (rest.includes('$(') || /\$\{/.test(rest)) return undefined;
  return ways.map((way) => ({ ...way, parts: [...way.parts, ...textPart(rest)] }));
}

const textPart = (text: string): readonly Part[] => (text === '' ? [] : [{ text }]);

/** As a template of the model, with what the pattern of the path caught; undefined: there is no operator for this pattern. */
export function templateText(parts: readonly Part[], { pattern }: PluginContext): string | undefined {
  const long = (pattern?.text.length ?? 0) > 400 || pattern?.text.includes('%');
  if (long && parts.some((part) => 'group' in part)) return undefined;
  return parts
    .map((part) => {
      if ('text' in part) return plainTemplate(part.text);
      return 'template' in part ? part.template : `%PATH_GROUP(${part.group} ${pattern?.text})%`;
    })
    .join('');
}

/** As what a pattern is replaced by; undefined: it reads the request. */
export function substitutionText(parts: readonly Part[]): string | undefined {
  if (parts.some((part) => 'template' in part)) return undefined;
  return parts
    .map((part) => ('text' in part ? part.text.replaceAll('\\', '\\\\') : 'group' in part ? `\\${part.group}` : ''))
    .join('');
}

/** The first term that is there, else nothing; or what the controller writes for prefixes that are replaced: a text where nothing is caught. */
function expression(written: string, context: PluginContext): readonly Alternative[] | undefined {
  const guarded = /^uri_captures\[(\d+)\] == nil and "([^"\\]*)" or (?:"([^"\\]*)" \.\. )?uri_captures\[\1\]$/.exec(
    written,
  );
  if (guarded) {
    const [, group = '', otherwise = '', before = ''] = guarded;
    const term = capture(group, context);
    const parts = term === 'nothing' ? textPart(otherwise) : [...textPart(before), { group: term.group }];
    return [{ parts, needs: [] }];
  }
  const terms = written.split(/\s+or\s+/).map((text) => termOf(text.trim(), context));
  const out: Alternative[] = [];
  let missing: readonly Need[] = [];
  for (const term of terms) {
    if (!term) return undefined;
    if (term === 'nothing') continue;
    if (term.kind === 'text') return [...out, { parts: textPart(term.text), needs: missing }];
    if (term.kind === 'capture') return [...out, { parts: [{ group: term.group }], needs: missing }];
    const { kind, name } = term;
    const template = kind === 'header' ? `%REQ(${name === 'host' ? ':authority' : name})%` : `%QUERY_PARAM(${name})%`;
    const always = kind === 'header' && name === 'host';
    out.push({ parts: [{ template }], needs: [...missing, ...(always ? [] : [{ kind, name, there: true } as const])] });
    if (always) return out;
    missing = [...missing, { kind, name, there: false }];
  }
  return [...out, { parts: [], needs: missing }];
}

/** `nothing`: it never has a value here. */
function termOf(text: string, context: PluginContext): Term | 'nothing' | undefined {
  const literal = /^"((?:[^"\\])*)"$/.exec(text) ?? /^'((?:[^'\\])*)'$/.exec(text);
  if (literal) return { kind: 'text', text: literal[1]! };
  for (const [i, pattern] of TERM.entries()) {
    const found = pattern.exec(text);
    const name = found?.[2] ?? found?.[1];
    if (name === undefined) continue;
    if (/[%()]/.test(name)) return undefined;
    // Underscores stand for dashes too (ngx.req.get_headers looks so).
    if (i < 2) return { kind: 'header', name: name.toLowerCase().replaceAll('_', '-') };
    if (i < 4) return { kind: 'query', name };
    return capture(name, context);
  }
  return undefined;
}

function capture(name: string, { pattern }: PluginContext): Capture | 'nothing' {
  if (!pattern) return 'nothing';
  const group = /^\d+$/.test(name) ? Number(name) : pattern.names.indexOf(name) + 1;
  return group >= 1 && group <= pattern.captures ? { kind: 'capture', group } : 'nothing';
}
