// Host names as virtual hosts are matched by: without the port, in lower case.

const PLAIN = /^[a-z0-9.-]*$/;

/** Envoy: the port goes, a trailing dot stays (source/common/http/header_utility.cc getPortStart; `ignore_port_in_host_matching`). */
export function lowerHostWithoutPort(host: string): string {
  if (PLAIN.test(host)) return host;
  const colon = host.lastIndexOf(':');
  const bracket = host.lastIndexOf(']');
  return (colon > bracket ? host.slice(0, colon) : host).toLowerCase();
}
