// Names for what rules hold as specs: one HTTPRouteFilter for all rules of a namespace that have its spec, one policy for up to sixteen.

import type { KubeObject } from '../../../write/gateway-object.js';
import type { Place } from '../../../write/gateway-place.js';
import type { OwnWriter, RulePolicies } from '../../../write/own-writer.js';

type Fields = Readonly<Record<string, unknown>>;

/** Most targets of one policy (CRD). */
const MOST_TARGETS = 16;
const API = 'gateway.envoyproxy.io/v1alpha1';

interface Target {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly sectionName: string;
}

export const placed: OwnWriter['placed'] = (routes, place) => {
  const filters = new Map<string, KubeObject>();
  const targets = new Map<string, Target[]>();
  const moved = new Map<object, object>();
  const written = routes.map((route) => {
    const { metadata, spec } = route as { readonly metadata: { readonly name: string }; readonly spec: Fields };
    const rules = (spec.rules as readonly Fields[]).map((rule, i) => {
      const named = namedRule(rule, `rule-${i + 1}`, filters, place);
      for (const [kind, policy] of Object.entries((rule.own as RulePolicies | undefined) ?? {})) {
        const key = JSON.stringify([kind, policy]);
        const list = targets.get(key) ?? [];
        targets.set(key, list);
        list.push({
          group: 'gateway.networking.k8s.io',
          kind: 'HTTPRoute',
          name: metadata.name,
          sectionName: `rule-${i + 1}`,
        });
      }
      if (named !== rule) moved.set(rule, named);
      return named;
    });
    return { ...route, spec: { ...spec, rules } };
  });
  return { objects: [...written, ...filters.values(), ...policiesOf(targets, place)], moved };
};

function namedRule(rule: Fields, name: string, filters: Map<string, KubeObject>, place: Place): Fields {
  const { own, ...rest } = rule;
  const list = rest.filters as readonly Fields[] | undefined;
  const named = list?.map((filter) => {
    const { spec, ...reference } = (filter.extensionRef as Fields | undefined) ?? {};
    return spec === undefined
      ? filter
      : { ...filter, extensionRef: { ...reference, name: filterName(spec, filters, place) } };
  });
  if (own === undefined && !named?.some((filter, i) => filter !== list?.[i])) return rule;
  return { ...(own === undefined ? {} : { name }), ...rest, ...(named ? { filters: named } : {}) };
}

function filterName(spec: unknown, filters: Map<string, KubeObject>, { name, namespace }: Place): string {
  const key = JSON.stringify(spec);
  const known = filters.get(key) as { readonly metadata: { readonly name: string } } | undefined;
  if (known) return known.metadata.name;
  const own = `${name}-filter-${filters.size + 1}`;
  filters.set(key, { apiVersion: API, kind: 'HTTPRouteFilter', metadata: { name: own, namespace }, spec });
  return own;
}

function policiesOf(targets: ReadonlyMap<string, readonly Target[]>, { name, namespace }: Place): KubeObject[] {
  const counts = new Map<string, number>();
  return [...targets].flatMap(([key, list]) => {
    const [kind, spec] = JSON.parse(key) as [string, Fields];
    const chunks = Array.from({ length: Math.ceil(list.length / MOST_TARGETS) }, (_, i) =>
      list.slice(i * MOST_TARGETS, (i + 1) * MOST_TARGETS),
    );
    return chunks.map((targetRefs) => {
      const n = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, n);
      const suffix = kind === 'SecurityPolicy' ? 'security' : 'traffic';
      return {
        apiVersion: API,
        kind,
        metadata: { name: `${name}-${suffix}-${n}`, namespace },
        spec: { targetRefs, ...spec },
      };
    });
  });
}
