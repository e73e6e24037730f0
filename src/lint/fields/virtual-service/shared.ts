// What Istio's validation says about the top of a VirtualService and its TLS and TCP routes: ValidateVirtualService,
// validateGatewayNames, validateTLSRoute and validateTCPRoute of pkg/config/validation (source of 2026-08-22).

import type { JsonObject } from '../../../model/index.js';
import type { Problem } from '../../rule.js';
import { gatewayBoundDomain, isAddress, wildcardDomain } from '../names.js';
import { list, object, text } from '../values.js';

export const REFUSED = "Istio's webhook refuses the VirtualService.";

export const BASE = 'hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {host: shop}';

export const TLS =
  'hosts: [shop.example.com]\ngateways: [shop]\ntls:\n- match:\n  - sniHosts: [shop.example.com]\n  route:\n  - destination: {host: shop}';

const gatewaysOf = (spec: JsonObject): readonly string[] => list(spec.gateways).map(text);

/** No `mesh` among the gateways (also when there are none). */
export const withoutMesh = (spec: JsonObject): boolean => !gatewaysOf(spec).includes('mesh');

export const onGatewaysOnly = (spec: JsonObject): boolean => gatewaysOf(spec).length > 0 && withoutMesh(spec);

const hasSni = (spec: JsonObject): boolean =>
  list(spec.tls).some((route) => list(object(route).match).some((match) => list(object(match).sniHosts).length > 0));

export const badHost = (host: string, spec: JsonObject): Problem => {
  const problem = onGatewaysOnly(spec) ? gatewayBoundDomain(host, hasSni(spec)) : wildcardDomain(host);
  if (problem) return isAddress(host) ? undefined : problem;
  return !onGatewaysOnly(spec) && host === '*'
    ? 'the host "*" is not allowed for the mesh; list hosts, or bind to a gateway'
    : undefined;
};
