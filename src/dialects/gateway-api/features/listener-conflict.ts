// Which listeners of a Gateway cannot live beside an earlier one: same port, and then the same host name (HTTP, HTTPS,
// TLS), or a mix with TCP or UDP. The earlier one stays (Gateway API spec, GatewaySpec.listeners "distinct";
// Istio: pilot/pkg/config/kube/gatewaycommon/listener_conflict.go, 2026-08-22).

export type Conflict = 'HostnameConflict' | 'ProtocolConflict';

interface Identity {
  readonly port: number;
  readonly protocol: string;
  readonly hostname: string;
}

/** Per listener the reason why it is dropped, in order. A listener that lost takes nobody else's place. */
export function conflictsOf(listeners: readonly Identity[]): readonly (Conflict | undefined)[] {
  const standing: Identity[] = [];
  return listeners.map((listener) => {
    const rival = standing.find((earlier) => !areDistinct(listener, earlier));
    if (rival === undefined) {
      standing.push(listener);
      return undefined;
    }
    const bothL4 = isL4(listener.protocol) && isL4(rival.protocol);
    return bothL4 || listener.protocol !== rival.protocol ? 'ProtocolConflict' : 'HostnameConflict';
  });
}

const isL4 = (protocol: string) => protocol === 'TCP' || protocol === 'UDP';
const isHttpLike = (protocol: string) => protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'TLS';

function areDistinct(a: Identity, b: Identity): boolean {
  if (a.port !== b.port) return true;
  if (isHttpLike(a.protocol) && isHttpLike(b.protocol)) return a.hostname !== b.hostname;
  const known = (p: string) => isL4(p) || isHttpLike(p);
  if (known(a.protocol) && known(b.protocol)) return false;
  return a.protocol !== b.protocol;
}
