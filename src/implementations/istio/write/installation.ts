// What the mesh configuration has to hold for the policies of an output: the extension providers that they name. It is part of Istio's
// installation, no object of the cluster: an IstioOperator, as istioctl takes it and meshgw reads it.

import { type Condition, type EffectiveGateway, isObject, type JsonObject, routesOf } from '../../../model/index.js';
import { externalOf, providerOf } from './auth-rules.js';

/** `objects`: what was written for the gateways. Undefined: it needs nothing. */
export function installationFor(
  objects: readonly Readonly<Record<string, unknown>>[],
  gateways: readonly EffectiveGateway[],
): JsonObject | undefined {
  const asked = new Map<string, Condition[]>();
  for (const route of gateways.flatMap(routesOf)) {
    const condition = externalOf(route);
    if (condition) asked.set(providerOf(condition), [...(asked.get(providerOf(condition)) ?? []), condition]);
  }
  const named = objects.flatMap((object) => providerNamed(object));
  const names = [...new Set(named.map(({ name }) => name))].filter((name) => asked.has(name)).sort();
  if (names.length === 0) return undefined;
  const several = named.some((a) => named.some((b) => a.at === b.at && a.name !== b.name));
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'extension-providers', namespace: 'istio-system' },
    spec: {
      meshConfig: { extensionProviders: names.map((name) => extensionProvider(name, asked.get(name)!)) },
      ...(several ? { values: { pilot: { env: { PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: 'true' } } } } : {}),
    },
  };
}

/** The provider of a CUSTOM policy, and which workload it is for. */
function providerNamed(object: Readonly<Record<string, unknown>>): { name: string; at: string }[] {
  const { metadata, spec } = object as JsonObject;
  if (!isObject(spec) || spec.action !== 'CUSTOM' || !isObject(spec.provider) || !isObject(metadata)) return [];
  const at = JSON.stringify([metadata.namespace, spec.selector, spec.targetRefs]);
  return [{ name: String(spec.provider.name), at }];
}

/** Those who share it ask the same; the destination gets the headers that one of them wants. */
function extensionProvider(name: string, conditions: readonly Condition[]): JsonObject {
  const { service, port, path, checkHeaders = [] } = conditions[0]!.ask!;
  const headers = [...new Set(conditions.flatMap((c) => c.ask!.headers))];
  return {
    name,
    envoyExtAuthzHttp: {
      service,
      port,
      ...(path === '/' ? {} : { pathPrefix: path }),
      includeRequestHeadersInCheck: ['authorization', 'cookie'],
      ...(checkHeaders.length > 0 ? { includeAdditionalHeadersInCheck: Object.fromEntries(checkHeaders) } : {}),
      ...(headers.length > 0 ? { headersToUpstreamOnAllow: headers } : {}),
      headersToDownstreamOnDeny: ['location', 'set-cookie', 'www-authenticate'],
    },
  };
}
