// Whether the controller accepts the text of an annotation, by the kinds of checks it has:
// kubernetes/ingress-nginx controller-v1.15.1 internal/ingress/annotations/parser/validators.go. Patterns are the
// controller's and run as RE2, because some of them would take exponential time in JavaScript's engine.

import { type CompiledRegex, compileRegex } from '../../../regex/match.js';
import { parseAddresses } from './addresses.js';

export type Check =
  | {
      readonly kind: 'bool' | 'int' | 'cidrs' | 'service-name' | 'server-name' | 'server-names' | 'common-name' | 'any';
    }
  /** `ignoreSpaces`: all spaces are taken out before the test. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly ignoreSpaces?: boolean }
  | { readonly kind: 'options'; readonly options: readonly string[]; readonly anyCase?: boolean };

// Character sets of validators.go, as pattern text.
const BASIC = '\\-\\._~a-zA-Z0-9/:';
export const patterns = {
  basic: `^[/${BASIC}]*$`,
  basicWithSpace: `^[/${BASIC} ]*$`,
  extended: `^[/${BASIC}, ]*$`,
  url: `^[${BASIC},?&=]*$`,
  urlWithVariables: `^[${BASIC}, ?&=$]*$`,
  pathWithCaptures: `^/?[${BASIC}$]*$`,
  regex: `^[/${BASIC}^$\\[\\](){}*+?|&=\\\\]*$`,
  headers: '^[A-Za-z0-9-_, ]*$',
  variable: '^[A-Za-z0-9\\-_{}$]*$',
  size: '^(?i)\\d+[bkmg]?$',
} as const;

const compiled = new Map<string, CompiledRegex>();

export function matches(pattern: string, text: string): boolean {
  let regex = compiled.get(pattern);
  if (!regex) {
    regex = compileRegex(pattern);
    compiled.set(pattern, regex);
  }
  return regex.find(text);
}

/** strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}

/** strconv.Atoi. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d{1,18}$/.test(text)) return undefined;
  return Number(text);
}

/** The controller does not check an empty value; nor does this. */
export function accepts(check: Check, value: string): boolean {
  switch (check.kind) {
    case 'any':
      return true;
    case 'bool':
      return parseBool(value) !== undefined;
    case 'int':
      return parseInteger(value) !== undefined;
    case 'cidrs':
      return parseAddresses(value) !== undefined;
    case 'service-name':
      return value.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value);
    case 'server-name':
      return matches(patterns.regex, value.trim());
    case 'server-names':
      return value.split(',').every((name) => matches(patterns.regex, name.trim()));
    case 'common-name':
      return value.startsWith('CN=') && compiles(value.slice(3));
    case 'options': {
      const text = check.anyCase ? value.trim().toLowerCase() : value.trim();
      return check.options.includes(text);
    }
    case 'pattern': {
      const text = check.ignoreSpaces ? value.replaceAll(' ', '') : value;
      return matches(check.pattern, text) && !/[\r\n]/.test(text);
    }
  }
}

function compiles(pattern: string): boolean {
  try {
    compileRegex(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What a value has to look like, for a message. */
export function describeCheck(check: Check): string {
  switch (check.kind) {
    case 'bool':
      return '"true" or "false"';
    case 'int':
      return 'a whole number';
    case 'cidrs':
      return 'addresses and networks (10.0.0.0/8) separated by commas';
    case 'service-name':
      return 'the name of a Service in the same namespace';
    case 'server-name':
      return 'a host name';
    case 'server-names':
      return 'host names separated by commas';
    case 'common-name':
      return 'CN= and a pattern';
    case 'options':
      return check.options.map((o) => JSON.stringify(o)).join(' or ');
    case 'pattern':
      return `text that matches ${check.pattern}`;
    case 'any':
      return 'any text';
  }
}
