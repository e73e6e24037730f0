// Host names as virtual hosts are matched by: without the port, in lower case.

const COLON = 58;
const BRACKET = 93;
const PLAIN = /^[a-z0-9.-]*$/;

/** Envoy: the port goes, a trailing dot stays (source/common/http/header_utility.cc getPortStart; `ignore_port_in_host_matching`). */
export function lowerHostWithoutPort(host: string): string {
  if (PLAIN.test(host)) return host;
  let end = host.length - 1;
  while (end >= 0 && host.charCodeAt(end) !== COLON && host.charCodeAt(end) !== BRACKET) end--;
  return (host.charCodeAt(end) === COLON ? host.slice(0, end) : host).toLowerCase();
}
