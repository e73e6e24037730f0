// Switches of the connection manager (envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager) and of its route
// configuration: what they do to hosts and paths before routing (what the model has of it: intake.ts). The engine has Istio's for gateways; others are told.

import type { Unsupported } from '../../../model/index.js';
import { DETAILS, FORWARD_DETAILS } from './intake.js';
import { field, list, type Node, originAt } from './node.js';
import { enumeration, flag, number } from './values.js';

export interface ManagerSettings {
  readonly ignoresPorts: boolean;
}

interface Around {
  readonly port: number;
  readonly unknown: (unknown: Unsupported) => void;
}

export function noteManager(manager: Node, routes: Node | undefined, { port, unknown }: Around): ManagerSettings {
  const note = (name: string, detail: string, effect: Unsupported['effect'] = 'change') =>
    unknown({
      feature: `manager.${name}`,
      detail,
      effect,
      reach: { ports: [port] },
      origin: originAt(field(manager, name) ?? manager),
    });
  if (flag(manager, 'strip_trailing_host_dot'))
    note('strip_trailing_host_dot', 'a dot at the end of a host is taken away');
  if (field(manager, 'local_reply_config'))
    note('local_reply_config', "the gateway's own answers are changed (local_reply_config): not predicted");
  if (list(manager, 'early_header_mutation_extensions').length > 0)
    note('early_header_mutation_extensions', 'headers are changed before routing', 'routing');
  if (
    (number(manager, 'xff_num_trusted_hops') ?? 0) > 0 ||
    list(manager, 'original_ip_detection_extensions').length > 0
  )
    note('xff_num_trusted_hops', "the client's address is taken from a header: not predicted", 'security');
  const details = enumeration(manager, FORWARD_DETAILS, DETAILS);
  if (details === 'FORWARD_ONLY' || details === 'APPEND_FORWARD' || details === 'ALWAYS_FORWARD_ONLY')
    note(FORWARD_DETAILS, 'X-Forwarded-Client-Cert of clients goes on to destinations: predicted as taken away');
  const strips =
    (flag(manager, 'strip_any_host_port') ?? false) || (flag(manager, 'strip_matching_host_port') ?? false);
  return { ignoresPorts: strips || (flag(routes, 'ignore_port_in_host_matching') ?? false) };
}
