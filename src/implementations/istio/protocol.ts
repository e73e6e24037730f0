// The protocols that Istio knows a port by: pkg/config/protocol/instance.go (Istio of 2026-08-22). Case does not matter.

const PROTOCOLS = [
  'GRPC',
  'GRPC-WEB',
  'HTTP',
  'HTTP_PROXY',
  'HTTP2',
  'HTTPS',
  'TCP',
  'TLS',
  'UDP',
  'MONGO',
  'REDIS',
  'MYSQL',
] as const;

/** In upper case, as Istio's own text has it. */
export type IstioProtocol = (typeof PROTOCOLS)[number];

const KNOWN: ReadonlySet<string> = new Set(PROTOCOLS);
const HTTP: ReadonlySet<string | undefined> = new Set<IstioProtocol>([
  'HTTP',
  'HTTP2',
  'HTTP_PROXY',
  'GRPC',
  'GRPC-WEB',
]);

/** In upper case; undefined where Istio does not know the word. */
export function istioProtocol(text: string): IstioProtocol | undefined {
  const upper = text.toUpperCase();
  return KNOWN.has(upper) ? (upper as IstioProtocol) : undefined;
}

/** Plain HTTP of any version. */
export const isHttp = (protocol: string | undefined): boolean => HTTP.has(protocol);
