// Text with command operators: `%REQ(x-user)%`, `%REQ(a?b):10%`, `%%`. Parsed once; evaluated against the request as
// it is at that moment, because Envoy's formatters read the live header map (source/common/router/header_parser.cc).

import type { Template } from '../model/index.js';
import type { RequestView } from './request-view.js';

/** What a template may read. */
export interface TemplateScope {
  readonly view: RequestView;
  /** A request header as it is now, after the changes made so far; lines joined with `,`. */
  requestHeader(name: string): string | undefined;
  readonly routeName?: string | undefined;
  /** `host:port` of the chosen destination. */
  readonly destination?: string | undefined;
  /** Of the response, once there is one. */
  readonly response?: ResponseScope | undefined;
}

export interface ResponseScope {
  readonly status: number;
  header(name: string): string | undefined;
}

/** Evaluates the rest of a template when the response is there. */
export type LateValue = (response: ResponseScope) => string;

export interface Operator {
  readonly name: string;
  readonly argument: string | undefined;
  /** Cut to this many characters. */
  readonly length: number | undefined;
  /** As written, with its percent signs. */
  readonly text: string;
}

export interface CompiledTemplate {
  readonly parts: readonly (string | Operator)[];
  /** Set where nothing has to be evaluated. */
  readonly constant?: string;
  /** Reads the response. */
  readonly late: boolean;
}

/** Value of an operator; undefined: nobody knows it before run time (`%START_TIME%`). */
export type OperatorTable = (operator: Operator, scope: TemplateScope) => string | undefined;

const OPERATOR = /^%([A-Z][A-Z0-9_]*)(?:\(([^%]*?)\))?(?::(\d+))?%/;
const READS_RESPONSE = /^(RESP|RESPONSE_|TRAILER|UPSTREAM_(?!CLUSTER)|BYTES_|DURATION|TRANSPORT_FAILURE)/;

/** A lone `%` and an operator that does not parse stay as they are. */
export function compileTemplate(template: Template): CompiledTemplate {
  if (!template.includes('%')) return { parts: [template], constant: template, late: false };
  const parts: (string | Operator)[] = [];
  let literal = '';
  for (let i = 0; i < template.length; ) {
    if (template[i] !== '%') {
      literal += template[i++];
      continue;
    }
    if (template[i + 1] === '%') {
      literal += '%';
      i += 2;
      continue;
    }
    const m = OPERATOR.exec(template.slice(i, i + 8192));
    if (!m) {
      literal += template[i++];
      continue;
    }
    if (literal) parts.push(literal);
    literal = '';
    parts.push({ name: m[1]!, argument: m[2], length: m[3] ? Number(m[3]) : undefined, text: m[0] });
    i += m[0].length;
  }
  if (literal || parts.length === 0) parts.push(literal);
  const [only] = parts;
  return {
    parts,
    ...(parts.length === 1 && typeof only === 'string' ? { constant: only } : {}),
    late: parts.some((p) => typeof p !== 'string' && READS_RESPONSE.test(p.name)),
  };
}

/** Operators whose value is not known stay in the text as written, so that a reader of the result sees them. */
export function evaluateTemplate(template: CompiledTemplate, scope: TemplateScope, table: OperatorTable): string {
  if (template.constant !== undefined) return template.constant;
  let out = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      out += part;
      continue;
    }
    const value = table(part, scope);
    out += value === undefined ? part.text : part.length === undefined ? value : value.slice(0, part.length);
  }
  return out;
}
