// Declarative files as Kong's objects, with Kong's own defaults, which are not those of its ingress controller (kong/db/schema/entities/
// {services,routes}.lua of Kong 3.10: routes take their path away and do not preserve the host).

import { type Json, type Origin, originOf, own, plainTemplate, type Resource } from '../../../model/index.js';
import { at, booleanOf, numberOf, objectOf, stringOf, stringsOf } from '../../../resources/fields.js';
import {
  type Flavor,
  type KongConfig,
  type KongConsumer,
  type KongPath,
  type KongPlugin,
  type KongRoute,
  type KongService,
  nameOfConsumer,
  SERVICE_SETTINGS,
} from '../entities.js';
import { policyOfUpstream } from '../upstream-policy.js';
import { entityId } from '../uuid.js';
import { type Declared, declaredIn, type Entity, field, nameIn, refersTo } from './entities.js';

/** `files`: one at least. */
export function declaredConfig(files: readonly Resource[], flavor: Flavor): KongConfig {
  const declared = declaredIn(files);
  const services = new Map(declared.services.map((entity) => [entity, serviceOf(entity, declared)]));
  const routes = new Map(
    declared.routes.flatMap((entity): [Entity, KongRoute][] => {
      const parent = entity.within.service ?? declared.services.find((s) => refersTo(field(entity, 'service'), s));
      // Which requests an expression takes is not known; of a service that is switched off the router has no routes (build_router in
      // kong/runloop/handler.lua).
      if (field(entity, 'expression') !== undefined || (parent && field(parent, 'enabled') === false)) return [];
      return [[entity, routeOf(entity, parent && services.get(parent), isOldFormat(entity))]];
    }),
  );
  const consumers = new Map(declared.consumers.map((entity) => [entity, consumerOf(entity, declared)]));
  const nameOf = (kind: 'service' | 'route' | 'consumer', entity: Entity): string | undefined => {
    const parent = entity.within[kind] ?? declared[`${kind}s`].find((e) => refersTo(field(entity, kind), e));
    if (!parent) return nameIn(field(entity, kind));
    if (kind === 'consumer') return nameOfConsumer(consumers.get(parent)!);
    return (kind === 'service' ? services : routes).get(parent)?.name;
  };
  return {
    flavor,
    routes: [...routes.values()],
    plugins: declared.plugins.flatMap((entity) => pluginOf(entity, nameOf)),
    consumers: [...consumers.values()],
    certificates: [],
    origin: originOf(files[0]!),
  };
}

/** Before 3.0 a path with characters of patterns is one. */
function isOldFormat({ origin }: Entity): boolean {
  return /^[12]\./.test(stringOf(origin.resource.object._format_version) ?? '');
}

const textOf = (entity: Entity, name: string): string | undefined => stringOf(field(entity, name));
const numberIn = (entity: Entity, name: string): number | undefined => numberOf(field(entity, name));

/** `url` says protocol, host, port and path at once. */
function addressOf(entity: Entity): { protocol: string; host: string; port: number; path: string | undefined } {
  const [, scheme, name, port, path] =
    /^(\w+):\/\/([^/:?#]+|\[[^\]]*\])(?::(\d+))?(\/[^?#]*)?/.exec(textOf(entity, 'url') ?? '') ?? [];
  const protocol = scheme ?? textOf(entity, 'protocol') ?? 'http';
  return {
    protocol,
    host: name ?? textOf(entity, 'host') ?? '',
    // Of the schemes in a URL only https has a port of its own (shorthand_fields, entities/services.lua).
    port: port ? Number(port) : scheme === 'https' ? 443 : scheme ? 80 : (numberIn(entity, 'port') ?? 80),
    path: path ?? textOf(entity, 'path'),
  };
}

function serviceOf(entity: Entity, { upstreams, targets }: Declared): KongService {
  const { protocol, host, port, path } = addressOf(entity);
  const upstream = upstreams.find((u) => textOf(u, 'name') === host);
  const own =
    upstream && targets.filter((t) => t.within.upstream === upstream || refersTo(field(t, 'upstream'), upstream));
  const spoken = protocol === 'https' || protocol === 'grpc' || protocol === 'grpcs' ? ({ protocol } as const) : {};
  const to = own
    ? own.map((t) => ({
        destination: { ...targetOf(t), ...spoken, origin: t.origin },
        weight: numberIn(t, 'weight') ?? 100,
      }))
    : [{ destination: { host, port, ...spoken, origin: entity.origin }, weight: 100 }];
  const first = to[0]?.destination ?? { host, port };
  const usual = protocol === 'https' || protocol === 'grpcs' ? 443 : 80;
  const header = upstream && textOf(upstream, 'host_header');
  const sent = header ?? first.host;
  return {
    name: textOf(entity, 'name') ?? textOf(entity, 'id') ?? host,
    ...{ protocol, path: path ?? '/', hasPath: path !== undefined, to },
    // Of several targets each gets its own name.
    host:
      header === undefined && to.length > 1
        ? '%POD_IP%'
        : plainTemplate(first.port === usual ? sent : `${sent}:${first.port}`),
    ...(upstream ? { policy: policyOfUpstream(upstream.fields, upstream.origin) } : {}),
    settings: SERVICE_SETTINGS.flatMap((name) => {
      const written = name.replace('-', '_');
      const value = numberIn(entity, written);
      return value === undefined ? [] : [{ name, value, origin: at(entity.origin, written) }];
    }),
    origin: entity.origin,
  };
}

/** `10.0.0.1:8000`; without a port 8000, as Kong has it. */
function targetOf(entity: Entity): { host: string; port: number } {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(textOf(entity, 'target') ?? '') ?? [];
  return { host, port: port === undefined ? 8000 : Number(port) };
}

function routeOf(entity: Entity, service: KongService | undefined, old: boolean): KongRoute {
  const { origin } = entity;
  const texts = (name: string) => stringsOf(field(entity, name));
  const name = textOf(entity, 'name') ?? textOf(entity, 'id') ?? `${origin.path.join('.')}`;
  const protocols = texts('protocols');
  const handling = textOf(entity, 'path_handling');
  return {
    name,
    id: textOf(entity, 'id') ?? entityId('routes', name),
    ...(service ? { service } : {}),
    protocols: protocols.length > 0 ? protocols : ['http', 'https'],
    hosts: texts('hosts'),
    paths: texts('paths').map((path, i) => pathOf(path, at(origin, 'paths', i), old)),
    methods: texts('methods'),
    headers: Object.entries(objectOf(field(entity, 'headers')) ?? {}).map(([header, values]) => [
      header,
      stringsOf(values),
    ]),
    snis: texts('snis'),
    regexPriority: numberIn(entity, 'regex_priority') ?? 0,
    stripPath: booleanOf(field(entity, 'strip_path')) ?? !protocols.some((word) => word.startsWith('grpc')),
    preserveHost: booleanOf(field(entity, 'preserve_host')) ?? false,
    pathHandling: handling === 'v1' ? 'v1' : 'v0',
    ...(handling === undefined ? {} : { pathHandlingWord: handling }),
    httpsRedirectStatus: numberIn(entity, 'https_redirect_status_code') ?? 426,
    origin,
  };
}

function pathOf(path: string, origin: Origin, old: boolean): KongPath {
  if (path.startsWith('~')) return { kind: 'regex', value: path.slice(1), origin };
  return { kind: old && !/^[\w.\-~/%]*$/.test(path) ? 'regex' : 'prefix', value: path, origin };
}

function pluginOf(
  entity: Entity,
  nameOf: (kind: 'service' | 'route' | 'consumer', entity: Entity) => string | undefined,
): readonly KongPlugin[] {
  const name = textOf(entity, 'name');
  if (name === undefined) return [];
  const [service, route, consumer] = (['service', 'route', 'consumer'] as const).map((kind) =>
    // A plugin inside of a route is for the route alone, not for the route's service too: only for one that it names.
    nameOf(kind, kind === 'service' && entity.within.route ? { ...entity, within: {} } : entity),
  );
  const group = nameIn(field(entity, 'consumer_group'));
  const protocols = stringsOf(field(entity, 'protocols'));
  return [
    {
      name,
      config: (objectOf(field(entity, 'config')) ?? {}) as Readonly<Record<string, Json>>,
      ...(protocols.length > 0 ? { protocols } : {}),
      enabled: booleanOf(field(entity, 'enabled')) ?? true,
      ...(service === undefined ? {} : { service }),
      ...(route === undefined ? {} : { route }),
      ...(consumer === undefined ? {} : { consumer }),
      ...(group === undefined ? {} : { consumerGroup: group }),
      origin: entity.origin,
    },
  ];
}

function consumerOf(entity: Entity, { credentials }: Declared): KongConsumer {
  const [username, customId] = [textOf(entity, 'username'), textOf(entity, 'custom_id')];
  const of = (list: string, name: string) => credentials(list, entity).flatMap((c) => textOf(c, name) ?? []);
  return {
    id: textOf(entity, 'id') ?? entityId('consumers', username ?? customId ?? ''),
    ...(username === undefined ? {} : { username }),
    ...(customId === undefined ? {} : { customId }),
    groups: of('acls', 'group'),
    consumerGroups: [],
    keys: of('keyauth_credentials', 'key'),
    passwords: credentials('basicauth_credentials', entity).flatMap((c) => {
      const user = textOf(c, 'username');
      return user === undefined ? [] : [{ username: user, password: textOf(c, 'password') ?? '' }];
    }),
    tokens: credentials('jwt_secrets', entity).flatMap((c) => {
      const [key, secret] = [textOf(c, 'key'), textOf(c, 'secret')];
      return key === undefined
        ? []
        : [{ key, algorithm: textOf(c, 'algorithm') ?? 'HS256', ...(secret === undefined ? {} : { secret }) }];
    }),
    origin: entity.origin,
  };
}

/** Parts of declarative files that say where requests go, and that are not read. */
export const unreadIn = (file: Resource): readonly string[] =>
  ['consumer_groups', 'certificates', 'vaults', '_transform', '_plugin_configs', '_custom'].filter(
    (key) => own(file.object, key) !== undefined,
  );
