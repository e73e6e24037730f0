// What Envoy was sent and does not use: a listener or a cluster that is warming waits for certificates, routes or endpoints that nobody has
// sent, and a listener that is draining accepts no new connections (envoy.admin.v3.ListenersConfigDump.DynamicListener; docs, "Listener update
// lifecycle").

import { append, type ClosedPort } from '../../../model/index.js';
import type { ReadNote } from '../../dialect.js';
import { at, field, list, type Node, originAt } from './node.js';
import { typedOf } from './typed.js';
import { number, text } from './values.js';

export interface Idle {
  readonly kind: 'listener' | 'cluster';
  readonly name: string;
  readonly state: 'warming' | 'draining';
  /** The listener or cluster. */
  readonly node: Node;
  /** A version of it is in use. */
  readonly replaced: boolean;
}

/** What of the things that listeners wait for there is; absent: the dump does not list them. */
export interface Arrived {
  readonly secrets?: ReadonlySet<string>;
  readonly routes: ReadonlySet<string>;
}

/** The notes of lint. What is draining is on its way out as it should be. */
export function idleNotes(idle: readonly Idle[], arrived: Arrived): ReadNote[] {
  return idle.flatMap((one): ReadNote[] => {
    if (one.state === 'draining') return [];
    const { kind, name, replaced, node } = one;
    const effect = replaced
      ? 'the version before it is in use'
      : kind === 'listener'
        ? 'it does not accept connections'
        : 'requests for it get 503';
    const subject = replaced ? `an update of ${kind} ${name}` : `${kind} ${name}`;
    return [
      {
        code: 'envoy-warming',
        message: `${subject} is not ready (warming): ${effect}${waitsFor(one, arrived)}`,
        origin: originAt(node),
      },
    ];
  });
}

/** Ports on which nothing listens because of it. */
export function idlePorts(idle: readonly Idle[], arrived: Arrived): ClosedPort[] {
  return idle.flatMap((one): ClosedPort[] => {
    const port = portOf(one);
    if (port === undefined || one.replaced) return [];
    const why =
      one.state === 'draining'
        ? `listener ${one.name} is being removed (draining)`
        : `listener ${one.name} is not ready (warming)${waitsFor(one, arrived)}`;
    return [{ port, why, origin: originAt(one.node) }];
  });
}

const portOf = ({ kind, node }: Idle): number | undefined =>
  kind === 'listener' ? number(at(node, 'address', 'socket_address'), 'port_value') : undefined;

const MOST_NAMED = 5;

/** What is not there, or, where that is not known, what it needs. */
function waitsFor({ kind, node }: Idle, { secrets, routes }: Arrived): string {
  if (kind !== 'listener') return '';
  const missing = [
    ...routeNamesIn(node)
      .filter((name) => !routes.has(name))
      .map((name) => `route configuration ${name}`),
    ...secretNamesIn(node)
      .filter((name) => !secrets?.has(name))
      .map((name) => `secret ${name}`),
  ];
  if (missing.length === 0) return '';
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  const named = missing.slice(0, MOST_NAMED).join(', ') + more;
  return secrets ? ` until Envoy has ${named}` : `; it needs ${named}`;
}

const chainsOf = (listener: Node): Node[] => {
  const fallback = field(listener, 'default_filter_chain');
  return [...list(listener, 'filter_chains'), ...(fallback ? [fallback] : [])];
};

/** Names of the route configurations that a listener asks for; `inline`: that it brings along. */
export function routeNamesIn(listener: Node, kind: 'asked' | 'inline' = 'asked'): string[] {
  const nameIn = (manager: Node) =>
    kind === 'asked' ? text(field(manager, 'rds'), 'route_config_name') : text(field(manager, 'route_config'), 'name');
  const names = chainsOf(listener).flatMap((chain) =>
    list(chain, 'filters').flatMap((filter) => nameIn(typedOf(filter).config) ?? []),
  );
  return [...new Set(names)];
}

function secretNamesIn(listener: Node): string[] {
  const names: string[] = [];
  for (const chain of chainsOf(listener)) {
    const socket = field(chain, 'transport_socket');
    const common = field(socket ? typedOf(socket).config : undefined, 'common_tls_context');
    append(
      names,
      [
        ...list(common, 'tls_certificate_sds_secret_configs'),
        field(common, 'validation_context_sds_secret_config'),
        at(common, 'combined_validation_context', 'validation_context_sds_secret_config'),
      ].flatMap((secret) => text(secret, 'name') ?? []),
    );
  }
  return [...new Set(names)];
}
