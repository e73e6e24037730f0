// A request that a rule is for, as far as its literal texts show one: for findings.

import type { GatewayRequest, StringMatcher } from '../../../model/index.js';
import { put } from '../../../model/index.js';
import type { Literal } from './literals.js';
import { syntaxOf } from './literals.js';
import { compileRule } from './normal-form.js';
import { RuleError } from './parse.js';

/** Undefined: the rule does not parse, or nothing in it shows a request. */
export function witnessOfRule(
  rule: string,
  syntax: string,
  { port, tls }: { readonly port: number; readonly tls: boolean },
): GatewayRequest | undefined {
  try {
    const [first] = compileRule(rule, syntaxOf(syntax)).alternatives;
    return first && requestOf(first, port, tls);
  } catch (error) {
    if (error instanceof RuleError) return undefined;
    throw error;
  }
}

const textOf = (value: StringMatcher): string | undefined => ('value' in value ? value.value : undefined);

function requestOf(literals: readonly Literal[], port: number, tls: boolean): GatewayRequest {
  let [host, path, method] = ['host.example', '/', 'GET'];
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const literal of literals) {
    if (literal.not) continue;
    if (literal.on === 'host') host = hostOf(literal.hosts[0]) ?? host;
    else if (literal.on === 'path') path = textOf(literal.value) ?? path;
    else if (literal.on === 'method') method = textOf(literal.value) ?? method;
    else if (literal.on === 'header') put(headers, literal.name, textOf(literal.value) ?? '');
    else if (literal.on === 'query') query.push(`${literal.name}=${textOf(literal.value) ?? ''}`);
  }
  return {
    port,
    scheme: tls ? 'https' : 'http',
    method,
    host,
    path: path + (query.length > 0 ? `?${query.join('&')}` : ''),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}

function hostOf(host: Extract<Literal, { on: 'host' }>['hosts'][number] | undefined): string | undefined {
  if (!host || host.kind === 'any') return undefined;
  return host.kind === 'exact' ? host.value : `a${host.value}`;
}
