// Objects that the configurations for a real Envoy share.

/** A plain HTTP gateway `default/gw` on port 80, for every host. */
export const GATEWAY = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'gw', namespace: 'default' },
  spec: {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  },
} as const;

/** `default/httpbin` with these ports. */
export const httpbin = (...ports: readonly number[]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'httpbin', namespace: 'default' },
  spec: { ports: ports.map((port) => ({ name: `http-${port}`, port })) },
});
