// The patches of an EnvoyFilter that writers use: one filter in front of the router, and fields of the routes that have it.

/** A patch of all routes with this name. */
export const routePatch = (name: string, value: Record<string, unknown>): Record<string, unknown> => ({
  applyTo: 'HTTP_ROUTE',
  match: { context: 'GATEWAY', routeConfiguration: { vhost: { route: { name } } } },
  patch: { operation: 'MERGE', value },
});

/** A patch that puts a filter before the router, on every listener of the gateway. */
export const filterPatch = (value: Record<string, unknown>): Record<string, unknown> => ({
  applyTo: 'HTTP_FILTER',
  match: {
    context: 'GATEWAY',
    listener: {
      filterChain: {
        filter: {
          name: 'envoy.filters.network.http_connection_manager',
          subFilter: { name: 'envoy.filters.http.router' },
        },
      },
    },
  },
  patch: { operation: 'INSERT_BEFORE', value },
});

/** `binding`: `workloadSelector` or `targetRefs`. */
export const envoyFilter = (
  metadata: { readonly name: string; readonly namespace: string },
  binding: Record<string, unknown>,
  configPatches: readonly unknown[],
): Record<string, unknown> => ({
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { ...metadata },
  spec: { ...binding, configPatches },
});

/** A comment above each of them. */
export const ENVOY_FILTER_REMARK = `Written because of --allow-envoyfilter: it patches the configuration that Istio generates for Envoy.
Istio does not validate it: test it, and again with each new version of Istio.`;
