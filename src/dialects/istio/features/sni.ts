// Server names as Envoy matches them: toFilterChainMatch in pilot/pkg/networking/core/listener.go, FilterChainMatch in
// Envoy's listener_components.proto.

import type { ChainMatch } from '../../../model/index.js';
import { domainPattern } from './virtual-hosts.js';

/** Among names a `*` makes the chain take every connection, also one without TLS. */
export function sniMatch(names: readonly string[]): ChainMatch {
  if (names.length === 0 || names.includes('*')) return { transport: 'any' };
  // A client's name is lower-cased before it is looked up: a name with upper case never comes.
  return { transport: 'tls', sni: names.filter((n) => n === n.toLowerCase()).map(domainPattern) };
}
