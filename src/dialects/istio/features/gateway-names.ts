// How VirtualServices name gateways: resolveGatewayName in pilot/pkg/model/config.go.

/** `gw` and `./gw` are of the own namespace, `ns/gw` says it, `gw.ns` and `gw.ns.svc.cluster.local` are the old spelling. */
export function gatewayName(name: string, namespace: string): string {
  if (name === 'mesh') return name;
  if (name.includes('/')) return name.startsWith('./') ? `${namespace}/${name.slice(2)}` : name;
  const [gateway = '', owner] = name.split('.');
  return owner === undefined ? `${namespace}/${name}` : `${owner}/${gateway}`;
}
