// Rules that delegate: the delegate's rules stand in the root rule's place, narrowed by the root's matches. One level.
// mergeVirtualServices in pilot/pkg/model/virtualservice_controller.go, MergeHTTPRoutes in pilot/pkg/model/virtualservice.go.

import { append, own } from '../../../model/index.js';
import { stringOf } from '../../../resources/fields.js';
import type { ReadNote } from '../../dialect.js';
import type { HttpRule, MatchConfig, NamedMatch, StringMatch, VirtualServiceConfig } from '../config.js';
import { RULE_FIELDS } from './virtual-services.js';

export function resolveDelegates(all: readonly VirtualServiceConfig[], notes: ReadNote[]): VirtualServiceConfig[] {
  const delegates = new Map(all.filter((vs) => vs.hosts.length === 0).map((vs) => [`${vs.namespace}/${vs.name}`, vs]));
  return all
    .filter((vs) => vs.hosts.length > 0)
    .map((vs) =>
      vs.http.some((rule) => rule.delegate)
        ? { ...vs, http: vs.http.flatMap((rule) => expand(rule, vs, delegates, notes)) }
        : vs,
    );
}

function expand(
  rule: HttpRule,
  root: VirtualServiceConfig,
  delegates: ReadonlyMap<string, VirtualServiceConfig>,
  notes: ReadNote[],
): HttpRule[] {
  const { delegate } = rule;
  if (!delegate) return [rule];
  const namespace = stringOf(delegate.value.namespace) || root.namespace;
  const name = stringOf(delegate.value.name) ?? '';
  const target = delegates.get(`${namespace}/${name}`);
  if (!target) {
    notes.push({
      code: 'delegate-not-found',
      message: `There is no delegate VirtualService ${namespace}/${name}; the rule is left out.`,
      origin: delegate.origin,
      hosts: root.hosts,
    });
    return [];
  }
  if (!target.exportTo.has('*') && !target.exportTo.has(root.namespace)) {
    notes.push({
      code: 'delegate-not-exported',
      message: `The delegate VirtualService ${namespace}/${name} is not exported to ${root.namespace}; the rule is left out.`,
      origin: delegate.origin,
      hosts: root.hosts,
    });
    return [];
  }
  return target.http.flatMap((sub) => {
    const merged = merge(rule, sub);
    if (!merged) {
      notes.push({
        code: 'delegate-conflict',
        message: `A match of this rule is outside of every match of the rule that delegates to it (${root.namespace}/${root.name}); the rule is left out.`,
        origin: sub.origin,
        hosts: root.hosts,
      });
    }
    return merged ? [merged] : [];
  });
}

/** mergeHTTPRoute: what the delegate does not say, the root says; a delegate of a delegate is not followed. */
function merge(root: HttpRule, sub: HttpRule): HttpRule | undefined {
  const matches = mergeMatches(root.matches, sub.matches);
  if (!matches) return undefined;
  const fields = { ...sub.fields };
  for (const key of RULE_FIELDS) {
    const inherited = root.fields[key];
    if (fields[key] === undefined && inherited !== undefined) fields[key] = inherited;
  }
  const { delegate: _ignored, ...rest } = sub;
  return { ...rest, name: joinNames(root.name, sub.name), matches, fields };
}

const joinNames = (root: string, sub: string): string => (sub === '' ? root : root === '' ? sub : `${root}-${sub}`);

/** Every match of the delegate has to fit into a match of the root, else the whole rule goes. */
function mergeMatches(root: readonly MatchConfig[], sub: readonly MatchConfig[]): readonly MatchConfig[] | undefined {
  if (root.length === 0) return sub;
  if (sub.length === 0) return root;
  const out: MatchConfig[] = [];
  for (const leaf of sub) {
    const fitting = root.filter((r) => !conflict(r, leaf));
    if (fitting.length === 0) return undefined;
    append(
      out,
      fitting.map((r) => mergeMatch(r, leaf)),
    );
  }
  return out;
}

const SINGLE = ['uri', 'scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'withoutHeaders', 'queryParams'] as const;

/** mergeHTTPMatchRequest; ignoreUriCase is the delegate's (both are equal, or it was a conflict). */
function mergeMatch(root: MatchConfig, leaf: MatchConfig): MatchConfig {
  const single: Partial<Record<(typeof SINGLE)[number], StringMatch>> = {};
  for (const key of SINGLE) {
    const value = leaf[key] ?? root[key];
    if (value) single[key] = value;
  }
  return {
    ...leaf,
    ...single,
    name: joinNames(root.name, leaf.name),
    headers: mergeNamed(root.headers, leaf.headers),
    withoutHeaders: mergeNamed(root.withoutHeaders, leaf.withoutHeaders),
    queryParams: mergeNamed(root.queryParams, leaf.queryParams),
    port: leaf.port || root.port,
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    sourceNamespace: leaf.sourceNamespace || root.sourceNamespace,
    gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
  };
}

const mergeNamed = (root: readonly NamedMatch[], leaf: readonly NamedMatch[]): NamedMatch[] => [
  ...new Map([...root, ...leaf].map((m) => [m.name, m])).values(),
];

/** hasConflict */
function conflict(root: MatchConfig, leaf: MatchConfig): boolean {
  return (
    SINGLE.some((key) => outside(root[key], leaf[key])) ||
    MAPS.some((key) => anyOutside(root[key], leaf[key])) ||
    root.ignoreUriCase !== leaf.ignoreUriCase ||
    (root.port > 0 && leaf.port > 0 && root.port !== leaf.port) ||
    (root.sourceNamespace !== '' && leaf.sourceNamespace !== root.sourceNamespace) ||
    Object.entries(leaf.sourceLabels).some(([key, v]) => (own(root.sourceLabels, key) ?? v) !== v) ||
    (root.gateways.length > 0 &&
      leaf.gateways.length > 0 &&
      (root.gateways.length < leaf.gateways.length || leaf.gateways.some((g) => !root.gateways.includes(g))))
  );
}

const anyOutside = (root: readonly NamedMatch[], leaf: readonly NamedMatch[]): boolean =>
  leaf.some((test) =>
    outside(
      root.find((r) => r.name === test.name),
      test,
    ),
  );

/** stringMatchConflict: an empty text counts as not written, and two patterns are never compared. */
function outside(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (!root || !leaf) return false;
  const said = (m: StringMatch, kind: StringMatch['kind']): string => (m.kind === kind ? m.value : '');
  if (said(root, 'regex') !== '' && leaf.value !== '') return true;
  if (said(leaf, 'regex') !== '' && root.value !== '') return true;
  const exact = said(root, 'exact');
  if (exact !== '') return said(leaf, 'prefix') !== '' || said(leaf, 'exact') !== exact;
  const prefix = said(root, 'prefix');
  if (prefix !== '' && said(leaf, 'prefix') !== '') return !said(leaf, 'prefix').startsWith(prefix);
  if (prefix !== '' && said(leaf, 'exact') !== '') return !said(leaf, 'exact').startsWith(prefix);
  return true;
}
