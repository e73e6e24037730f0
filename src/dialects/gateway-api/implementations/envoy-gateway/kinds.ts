// Envoy Gateway's own kinds (api/v1alpha1, v1.9.1).

const EG_GROUP = 'gateway.envoyproxy.io';
export const BACKEND = `${EG_GROUP}/Backend`;
export const HTTP_ROUTE_FILTER = `${EG_GROUP}/HTTPRouteFilter`;
export const SECURITY_POLICY = `${EG_GROUP}/SecurityPolicy`;
export const BACKEND_TRAFFIC_POLICY = `${EG_GROUP}/BackendTrafficPolicy`;
export const CLIENT_TRAFFIC_POLICY = `${EG_GROUP}/ClientTrafficPolicy`;
export const EXTENSION_POLICY = `${EG_GROUP}/EnvoyExtensionPolicy`;
export const PATCH_POLICY = `${EG_GROUP}/EnvoyPatchPolicy`;
export const ENVOY_PROXY = `${EG_GROUP}/EnvoyProxy`;
