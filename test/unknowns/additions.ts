// Settings that nobody models, as text to add to a recorded configuration: for each kind of unknown what it is and whom it reaches.

import type { Resource } from '../../src/model/index.js';

export interface Addition {
  readonly name: string;
  /** The configuration with the unknown in it; undefined: the case has nothing that it could be attached to. */
  readonly add: (text: string, resources: readonly Resource[]) => string | undefined;
  /** The objects whose rules it reaches, of those with it; absent: every answer of a gateway of Istio. */
  readonly objects?: (resources: readonly Resource[]) => readonly string[];
}

const behind = (text: string, more: string): string => `${text.replace(/\n*$/, '\n')}---\n${more}`;
const nameOf = ({ kind, namespace, name }: Resource): string => `${kind} ${namespace}/${name}`;
const firstOf = (resources: readonly Resource[], kind: string, group: string): Resource | undefined =>
  resources.find((r) => r.kind === kind && r.group === group);

/** The Gateway API's Gateways are workloads of their own, in their namespaces; Istio's own runs in istio-system. */
const everywhere =
  (apiVersion: string, kind: string, spec: string) =>
  (text: string): string =>
    behind(
      text,
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: unread, namespace: istio-system}\nspec: ${spec}\n`,
    );

const LUA =
  '{configPatches: [{applyTo: HTTP_FILTER, match: {context: GATEWAY, listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: envoy.filters.http.router}}}}}, patch: {operation: INSERT_BEFORE, value: {name: envoy.filters.http.lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}}}}]}';

/** A policy of another vendor on the first object of a kind. */
const foreign = (kind: string): Addition => {
  const target = (resources: readonly Resource[]) => firstOf(resources, kind, 'gateway.networking.k8s.io');
  return {
    name: `another vendor's policy on a ${kind}`,
    add: (text, resources) => {
      const found = target(resources);
      if (!found) return undefined;
      const ref = `{group: gateway.networking.k8s.io, kind: ${kind}, name: ${found.name}}`;
      return behind(
        text,
        `apiVersion: policies.example.com/v1\nkind: LoginPolicy\nmetadata: {name: unread, namespace: ${found.namespace}}\nspec: {targetRefs: [${ref}]}\n`,
      );
    },
    objects: (resources) => [nameOf(target(resources)!)],
  };
};

export const ON_ISTIO: readonly Addition[] = [
  { name: 'EnvoyFilter with Lua', add: everywhere('networking.istio.io/v1alpha3', 'EnvoyFilter', LUA) },
  { name: 'WasmPlugin', add: everywhere('extensions.istio.io/v1alpha1', 'WasmPlugin', '{url: oci://example.com/x:1}') },
  {
    name: 'CUSTOM policy',
    add: everywhere(
      'security.istio.io/v1',
      'AuthorizationPolicy',
      '{action: CUSTOM, provider: {name: x}, rules: [{}]}',
    ),
  },
];

export const ON_ROUTES: readonly Addition[] = [foreign('HTTPRoute')];

export const ON_NGINX: readonly Addition[] = ['configuration-snippet', 'modsecurity-snippet'].map((annotation) => ({
  name: annotation,
  // The recordings write metadata as blocks.
  add: (text) => {
    const changed = text.replace(
      /^( *)annotations:\n/m,
      (line, indent) => `${line}${indent}  nginx.ingress.kubernetes.io/${annotation}: "sub_filter a b;"\n`,
    );
    return changed === text ? undefined : changed;
  },
  objects: (resources) =>
    resources
      .filter((r) => r.annotations[`nginx.ingress.kubernetes.io/${annotation}`] === 'sub_filter a b;')
      .map(nameOf),
}));
