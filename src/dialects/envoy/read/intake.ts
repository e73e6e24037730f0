// How a connection manager takes requests in: normalize_path, merge_slashes, path_with_escaped_slashes_action, headers_with_underscores_action (of its
// common_http_protocol_options), forward_client_cert_details, and suppress_envoy_headers of its router. The model has one value of each
// for a gateway: that of most of its managers, and the others are told. What the runtime has of it: runtime.ts.

import { greatest, type Intake, table, type Unsupported } from '../../../model/index.js';
import { at, field, list, type Node, originAt } from './node.js';
import { shortType, typedOf } from './typed.js';
import { enumeration, flag } from './values.js';

/** What connection managers say of it. */
type Said = Required<Omit<Intake, 'fragments'>>;

/** A connection manager. */
export interface TakenIn {
  readonly port: number;
  readonly manager: Node;
  /** Clients are asked for a certificate: elsewhere nothing can be told of one. */
  readonly asksForCertificates: boolean;
}

/** PathWithEscapedSlashesAction by number. The default is what the runtime says, and without it to keep them (config.cc of the filter). */
const SLASHES = [
  'IMPLEMENTATION_SPECIFIC_DEFAULT',
  'KEEP_UNCHANGED',
  'REJECT_REQUEST',
  'UNESCAPE_AND_REDIRECT',
  'UNESCAPE_AND_FORWARD',
];
const ESCAPED = table<Required<Intake>['escapedSlashes']>({
  REJECT_REQUEST: 'reject',
  UNESCAPE_AND_REDIRECT: 'redirect',
  UNESCAPE_AND_FORWARD: 'forward',
});
/** HeadersWithUnderscoresAction by number. */
const NAMES = ['ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'];
const UNDERSCORES = table<Required<Intake>['underscores']>({ REJECT_REQUEST: 'reject', DROP_HEADER: 'drop' });

const UNDERSCORES_ACTION = 'headers_with_underscores_action';
const protocolOptions = (manager: Node): Node | undefined => field(manager, 'common_http_protocol_options');

const routerOf = (manager: Node): Node | undefined => {
  const router = list(manager, 'http_filters')
    .map((filter) => typedOf(filter))
    .find(({ type, name }) => (type === '' ? /(?:^|\.)router$/.test(name) : shortType(type) === 'Router'));
  return router?.config;
};

/** ForwardClientCertDetails by number; what clients send of it counts in those that are not here. */
export const DETAILS = ['SANITIZE', 'FORWARD_ONLY', 'APPEND_FORWARD', 'SANITIZE_SET', 'ALWAYS_FORWARD_ONLY'];
const CERTIFICATES_TOLD = table<boolean>({ SANITIZE: false, APPEND_FORWARD: true, SANITIZE_SET: true });
export const FORWARD_DETAILS = 'forward_client_cert_details';

interface Setting<Name extends keyof Said> {
  readonly name: string;
  readonly effect: Unsupported['effect'];
  readonly where: (manager: Node) => Node | undefined;
  /** Undefined: it makes no difference for this one. */
  readonly value: (taken: TakenIn) => Said[Name] | undefined;
  /** What the engine does by itself: Istio's settings for gateways. */
  readonly usual: Said[Name];
}

const SETTINGS: { readonly [Name in keyof Said]: Setting<Name> } = {
  mergeSlashes: {
    name: 'merge_slashes',
    effect: 'routing',
    where: (m) => field(m, 'merge_slashes'),
    value: ({ manager }) => flag(manager, 'merge_slashes') ?? false,
    usual: false,
  },
  normalizePath: {
    name: 'normalize_path',
    effect: 'routing',
    where: (m) => field(m, 'normalize_path'),
    value: ({ manager }) => flag(manager, 'normalize_path') ?? false,
    usual: true,
  },
  escapedSlashes: {
    name: 'path_with_escaped_slashes_action',
    effect: 'routing',
    where: (m) => field(m, 'path_with_escaped_slashes_action'),
    value: ({ manager }) =>
      ESCAPED.get(enumeration(manager, 'path_with_escaped_slashes_action', SLASHES) ?? '') ?? 'keep',
    usual: 'keep',
  },
  underscores: {
    name: UNDERSCORES_ACTION,
    effect: 'routing',
    where: (m) => at(protocolOptions(m), UNDERSCORES_ACTION),
    value: ({ manager }) =>
      UNDERSCORES.get(enumeration(protocolOptions(manager), UNDERSCORES_ACTION, NAMES) ?? '') ?? 'allow',
    usual: 'allow',
  },
  clientCertificates: {
    name: FORWARD_DETAILS,
    effect: 'change',
    where: (m) => field(m, FORWARD_DETAILS),
    value: ({ manager, asksForCertificates }) =>
      asksForCertificates
        ? CERTIFICATES_TOLD.get(enumeration(manager, FORWARD_DETAILS, DETAILS) ?? 'SANITIZE')
        : undefined,
    usual: true,
  },
  envoyHeaders: {
    name: 'suppress_envoy_headers',
    effect: 'change',
    where: (m) => field(routerOf(m), 'suppress_envoy_headers'),
    value: ({ manager }) => !(flag(routerOf(manager), 'suppress_envoy_headers') ?? false),
    usual: true,
  },
};

/** The settings of most of them, without what Envoy does by itself; undefined: nothing else is said. Other settings are unknowns of their ports. */
export function commonIntake(
  all: readonly TakenIn[],
  fragments: Intake['fragments'],
  unknown: (unknown: Unsupported) => void,
): Intake | undefined {
  const said: Intake = {
    ...commonSetting('mergeSlashes', all, unknown),
    ...commonSetting('normalizePath', all, unknown),
    ...commonSetting('escapedSlashes', all, unknown),
    ...(fragments === 'reject' && all.length > 0 ? { fragments } : {}),
    ...commonSetting('underscores', all, unknown),
    ...commonSetting('clientCertificates', all, unknown),
    ...commonSetting('envoyHeaders', all, unknown),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

function commonSetting<Name extends keyof Said>(
  of: Name,
  all: readonly TakenIn[],
  unknown: (unknown: Unsupported) => void,
): Partial<Pick<Said, Name>> {
  const { name, effect, where, value, usual } = SETTINGS[of] as Setting<Name>;
  const counts = new Map<Said[Name], number>();
  const values = all.map(value);
  for (const one of values) if (one !== undefined) counts.set(one, (counts.get(one) ?? 0) + 1);
  const most = greatest(counts.values(), 0);
  const common = [...counts].find(([, count]) => count === most)?.[0];
  for (const [i, { port, manager }] of all.entries())
    if (values[i] !== undefined && values[i] !== common)
      unknown({
        feature: `manager.${name}`,
        detail: `${name} is set otherwise than on other listeners of this Envoy: predicted as there`,
        effect,
        reach: { ports: [port] },
        origin: originAt(where(manager) ?? manager),
      });
  return common === undefined || common === usual ? {} : ({ [of]: common } as Pick<Said, Name>);
}

/** Istio's for gateways (pilot/pkg/networking/core/gateway.go). */
const TOLD = {
  [FORWARD_DETAILS]: 'SANITIZE_SET',
  set_current_client_cert_details: { subject: true, cert: true, dns: true, uri: true },
};

/** As a writer of connection managers says it: fields of the manager, and of its router. Absent: as Envoy does it. */
export function intakeFields({
  mergeSlashes,
  normalizePath = true,
  escapedSlashes,
  underscores,
  envoyHeaders,
  clientCertificates,
}: Intake): {
  readonly manager: Readonly<Record<string, unknown>>;
  readonly router: Readonly<Record<string, unknown>>;
} {
  const nameOf = <T>(names: Iterable<readonly [string, T]>, wanted: T | undefined): string | undefined =>
    [...names].find(([, value]) => value === wanted)?.[0];
  const action = nameOf(UNDERSCORES, underscores);
  return {
    manager: {
      ...(normalizePath ? { normalize_path: true } : {}),
      path_with_escaped_slashes_action: nameOf(ESCAPED, escapedSlashes) ?? 'KEEP_UNCHANGED',
      ...(mergeSlashes ? { merge_slashes: true } : {}),
      ...(action === undefined ? {} : { common_http_protocol_options: { [UNDERSCORES_ACTION]: action } }),
      ...(clientCertificates ? TOLD : {}),
    },
    router: envoyHeaders === false ? { suppress_envoy_headers: true } : {},
  };
}
