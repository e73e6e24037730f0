// How the values of AuthorizationPolicy become matchers: what `*` means depends on the field.
// pilot/pkg/security/authz/matcher/{string,header,template}.go and generator.go in authz/model, Istio source of 2026-08-22.

import type { RequestPrincipal, StringMatcher } from '../../model/index.js';

const exact = (value: string): StringMatcher => ({ kind: 'exact', value });
const regex = (pattern: string): StringMatcher => ({ kind: 'regex', pattern });
/** Any text but the empty one. */
const SOMETHING = regex('.+');

/** Go's regexp.QuoteMeta. */
const quote = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** One `*` at an end is a wildcard; alone it is anything but nothing: StringMatcherWithPrefix. */
export function textMatcher(value: string, prefix = ''): StringMatcher {
  if (value === '*') return SOMETHING;
  if (value.startsWith('*')) {
    const suffix = value.slice(1);
    return prefix === '' ? { kind: 'suffix', value: suffix } : regex(`${prefix}.*${quote(suffix)}`);
  }
  if (value.endsWith('*')) return { kind: 'prefix', value: prefix + value.slice(0, -1) };
  return exact(prefix + value);
}

/** `*` alone means that the header is there: HeaderMatcher, HostMatcher (whose case does not count). */
export function headerValue(value: string, ignoreCase = false): StringMatcher {
  if (value === '*') return { kind: 'any' };
  const matcher = textMatcher(value);
  return ignoreCase && 'value' in matcher ? { ...matcher, ignoreCase } : matcher;
}

// What a glob takes: Envoy 1.40 also `*` and `=` (asked, fixtures/recorded/path-templates).
const GLOB = "a-zA-Z0-9\\-._~%!$&'()+,;:@*=";

/** A path, or a template with `{*}` (one segment) and `{**}` (any number): Envoy's uri_template matcher, as a pattern. */
export function pathMatcher(path: string): StringMatcher {
  if (!path.includes('{*}') && !path.includes('{**}')) return textMatcher(path);
  const parts = path.replaceAll('{**}', '**').replaceAll('{*}', '*').split(/(\*+)/);
  return regex(parts.map((p) => (p === '**' ? `[${GLOB}/]*` : p.startsWith('*') ? `[${GLOB}]+` : quote(p))).join(''));
}

export const SPIFFE = 'spiffe://';

export const namespaceMatcher = (value: string): StringMatcher =>
  regex(`.*/ns/${value.split('*').map(quote).join('.*')}/.*`);

/** `name` or `namespace/name`; without a namespace the policy's own. */
export function serviceAccountMatcher(value: string, policyNamespace: string): StringMatcher {
  const slash = value.indexOf('/');
  const [namespace, account] = slash < 0 ? [policyNamespace, value] : [value.slice(0, slash), value.slice(slash + 1)];
  return regex(`spiffe://.+/ns/${quote(namespace)}/(.+/|)sa/${quote(account)}(/.+)?`);
}

export function trustDomainMatcher(value: string): StringMatcher {
  if (value === '*') return { kind: 'prefix', value: SPIFFE };
  const star = value.indexOf('*');
  if (star < 0) return { kind: 'prefix', value: `${SPIFFE}${value}/` };
  return regex(`spiffe://${quote(value.slice(0, star))}[^/]*${quote(value.slice(star + 1))}/.*`);
}

/** `issuer/subject`, split at the last slash because an issuer may be a URL: requestPrincipalGenerator. */
export function requestPrincipal(value: string): RequestPrincipal {
  const slash = value.lastIndexOf('/');
  const found = slash >= 0;
  const issuer = found ? value.slice(0, slash) : value;
  const subject = found ? value.slice(slash + 1) : '';
  if (value === '*') return { issuer: SOMETHING, subject: SOMETHING };
  if (value.startsWith('*')) {
    if (!found) return { issuer: SOMETHING, subject: { kind: 'suffix', value: value.slice(1) } };
    return {
      issuer: issuer === '*' ? SOMETHING : { kind: 'suffix', value: issuer.replace(/^\*/, '') },
      subject: exact(subject),
    };
  }
  if (value.endsWith('*')) {
    if (!found) return { issuer: { kind: 'prefix', value: value.slice(0, -1) }, subject: SOMETHING };
    return {
      issuer: exact(issuer),
      subject: subject === '*' ? SOMETHING : { kind: 'prefix', value: subject.slice(0, -1) },
    };
  }
  return { issuer: exact(issuer), subject: exact(subject) };
}

/** `[group][id]` is a path of two, `[a]` of one; undefined: not in brackets. extractNameInNestedBrackets. */
export function namesInBrackets(text: string): string[] | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  const inner = text.slice(1, -1);
  const parts = inner.split('][');
  return parts.some((p) => p.includes('[') || p.includes(']')) ? [inner] : parts;
}
