// How a connection manager takes requests in: merge_slashes, path_with_escaped_slashes_action, headers_with_underscores_action (of its
// common_http_protocol_options), and suppress_envoy_headers of its router. The model has one such setting for a gateway: that of most of
// its managers, and the others are told.

import { type Intake, table, type Unsupported } from '../../../model/index.js';
import { at, field, list, type Node, originAt } from './node.js';
import { shortType, typedOf } from './typed.js';
import { enumeration, flag } from './values.js';

/** What connection managers say of it. */
type Said = Required<Pick<Intake, 'mergeSlashes' | 'escapedSlashes' | 'underscores' | 'envoyHeaders'>>;

/** Of one connection manager. */
export interface TakenIn {
  readonly port: number;
  readonly manager: Node;
  readonly intake: Said;
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

export const intakeOf = (manager: Node): Said => ({
  mergeSlashes: flag(manager, 'merge_slashes') ?? false,
  escapedSlashes: ESCAPED.get(enumeration(manager, 'path_with_escaped_slashes_action', SLASHES) ?? '') ?? 'keep',
  underscores: UNDERSCORES.get(enumeration(protocolOptions(manager), UNDERSCORES_ACTION, NAMES) ?? '') ?? 'allow',
  envoyHeaders: !(flag(routerOf(manager), 'suppress_envoy_headers') ?? false),
});

/** The setting of most of them, without what Envoy does by itself; undefined: nothing else is said. Other settings are unknowns of their ports. */
export function commonIntake(all: readonly TakenIn[], unknown: (unknown: Unsupported) => void): Intake | undefined {
  const groups = new Map<string, TakenIn[]>();
  for (const taken of all) {
    const key = JSON.stringify(taken.intake);
    const group = groups.get(key);
    if (group) group.push(taken);
    else groups.set(key, [taken]);
  }
  const most = [...groups.values()].reduce<readonly TakenIn[]>((a, b) => (b.length > a.length ? b : a), []);
  const common = most[0]?.intake;
  if (!common) return undefined;
  for (const group of groups.values()) if (group !== most) for (const taken of group) noteOther(taken, common, unknown);
  const { mergeSlashes, escapedSlashes, underscores, envoyHeaders } = common;
  const said: Intake = {
    ...(mergeSlashes ? { mergeSlashes } : {}),
    ...(escapedSlashes === 'keep' ? {} : { escapedSlashes }),
    ...(underscores === 'allow' ? {} : { underscores }),
    ...(envoyHeaders ? {} : { envoyHeaders }),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

interface Setting {
  readonly of: keyof Said;
  readonly name: string;
  readonly effect: Unsupported['effect'];
  readonly where: (manager: Node) => Node | undefined;
}

const SETTINGS: readonly Setting[] = [
  { of: 'mergeSlashes', name: 'merge_slashes', effect: 'routing', where: (m) => field(m, 'merge_slashes') },
  {
    of: 'escapedSlashes',
    name: 'path_with_escaped_slashes_action',
    effect: 'routing',
    where: (m) => field(m, 'path_with_escaped_slashes_action'),
  },
  {
    of: 'underscores',
    name: UNDERSCORES_ACTION,
    effect: 'routing',
    where: (m) => at(protocolOptions(m), UNDERSCORES_ACTION),
  },
  {
    of: 'envoyHeaders',
    name: 'suppress_envoy_headers',
    effect: 'change',
    where: (m) => field(routerOf(m), 'suppress_envoy_headers'),
  },
];

function noteOther({ port, manager, intake }: TakenIn, common: Said, unknown: (unknown: Unsupported) => void): void {
  for (const { of, name, effect, where } of SETTINGS)
    if (intake[of] !== common[of])
      unknown({
        feature: `manager.${name}`,
        detail: `${name} is set otherwise than on other listeners of this Envoy: predicted as there`,
        effect,
        reach: { ports: [port] },
        origin: originAt(where(manager) ?? manager),
      });
}

/** As a writer of connection managers says it: fields of the manager, and of its router. Absent: as Envoy does it. */
export function intakeFields({ mergeSlashes, escapedSlashes, underscores, envoyHeaders }: Intake): {
  readonly manager: Readonly<Record<string, unknown>>;
  readonly router: Readonly<Record<string, unknown>>;
} {
  const nameOf = <T>(names: Iterable<readonly [string, T]>, wanted: T | undefined): string | undefined =>
    [...names].find(([, value]) => value === wanted)?.[0];
  const action = nameOf(UNDERSCORES, underscores);
  return {
    manager: {
      path_with_escaped_slashes_action: nameOf(ESCAPED, escapedSlashes) ?? 'KEEP_UNCHANGED',
      ...(mergeSlashes ? { merge_slashes: true } : {}),
      ...(action === undefined ? {} : { common_http_protocol_options: { [UNDERSCORES_ACTION]: action } }),
    },
    router: envoyHeaders === false ? { suppress_envoy_headers: true } : {},
  };
}
