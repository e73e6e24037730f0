// Filters of HTTPRoute rules as plugins of Kong: generatePluginsFromHTTPRouteFilters in
// internal/dataplane/translator/subtranslator/httproute.go (Kong/kubernetes-ingress-controller 3.5, for Kong 3.9 and later).

import { posix } from 'node:path';
import { append, type Json, type JsonObject, type Origin, own } from '../../../model/index.js';
import { objectOf, objectsOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { GROUP } from '../controller/classes.js';
import type { KongPlugin, PluginName } from '../entities.js';

export interface FilterPlugins {
  /** For one route, which is added. */
  readonly plugins: readonly KongPlugin[];
  /** KongPlugins that filters name. */
  readonly named: readonly PluginName[];
  /** `replacePrefixMatch`: the paths of the route catch what follows the prefix. */
  readonly replacesPrefix: boolean;
}

/** `error`: the controller leaves out all rules that share the service. */
export type Translated = FilterPlugins | { readonly error: string; readonly origin: Origin };

/** `prefix`: the path of the match, for `replacePrefixMatch`. */
export function filterPlugins(filters: readonly JsonObject[], origin: Origin, prefix: string): Translated {
  const edits: Edit[] = [];
  const redirects: KongPlugin[] = [];
  const named: PluginName[] = [];
  let replacesPrefix = false;
  for (const [i, filter] of filters.entries()) {
    const at: Origin = { resource: origin.resource, path: [...origin.path, 'filters', i] };
    const type = stringOf(filter.type) ?? '';
    const value = (field: string): JsonObject => objectOf(own(filter, field)) ?? {};
    switch (type) {
      case 'RequestHeaderModifier':
        edits.push(headerEdit('request-transformer', value('requestHeaderModifier'), at));
        break;
      case 'ResponseHeaderModifier':
        edits.push(headerEdit('response-transformer', value('responseHeaderModifier'), at));
        break;
      case 'RequestRedirect':
        redirects.push(redirectPlugin(value('requestRedirect'), at));
        break;
      case 'URLRewrite':
        append(edits, rewriteEdits(value('urlRewrite'), prefix, at));
        replacesPrefix ||= stringOf(objectOf(value('urlRewrite').path)?.type) === 'ReplacePrefixMatch';
        break;
      case 'ExtensionRef': {
        const { group, kind, name } = value('extensionRef');
        if (group !== GROUP || kind !== 'KongPlugin')
          return { error: `an extension of kind ${stringOf(group)}/${stringOf(kind)}`, origin: at };
        named.push({ name: stringOf(name) ?? '', origin: { ...at, path: [...at.path, 'extensionRef'] } });
        break;
      }
      default:
        return { error: `the filter ${type}`, origin: at };
    }
  }
  return { plugins: [...redirects, ...merged(edits)], named, replacesPrefix };
}

/** Where the location has no host, it is the path alone, which the plugin's schema refuses. */
function redirectPlugin(redirect: JsonObject, origin: Origin): KongPlugin {
  const path = objectOf(redirect.path);
  const full = stringOf(path?.type) === 'ReplaceFullPath' ? stringOf(path?.replaceFullPath) : undefined;
  const host = stringOf(redirect.hostname);
  const port = typeof redirect.port === 'number' ? `:${redirect.port}` : '';
  const location =
    host === undefined
      ? (full ?? '/')
      : `${stringOf(redirect.scheme) ?? 'http'}://${posix.join(`${host}${port}`, full ?? '/').replace(/(.)\/$/, '$1')}`;
  const status = typeof redirect.statusCode === 'number' ? redirect.statusCode : 302;
  return {
    name: 'redirect',
    config: { status_code: status, location, keep_incoming_path: full === undefined },
    enabled: true,
    origin,
  };
}

interface Edit {
  readonly type: 'request-transformer' | 'response-transformer';
  readonly config: Readonly<Record<string, Json>>;
  readonly origin: Origin;
}

const pairs = (list: Json | undefined): readonly string[] =>
  objectsOf(list).map(({ name, value }) => {
    const text = stringOf(value) ?? '';
    return text === '' ? (stringOf(name) ?? '') : `${stringOf(name) ?? ''}:${text}`;
  });

/** Set headers are replaced, and added where there are none; added ones are appended. */
function headerEdit(type: Edit['type'], { set, add, remove }: JsonObject, origin: Origin): Edit {
  return {
    type,
    config: {
      ...(set ? { replace: { headers: pairs(set) }, add: { headers: pairs(set) } } : {}),
      ...(add ? { append: { headers: pairs(add) } } : {}),
      ...(remove ? { remove: { headers: stringsOf(remove) } } : {}),
    },
    origin,
  };
}

function rewriteEdits(rewrite: JsonObject, prefix: string, origin: Origin): readonly Edit[] {
  const path = objectOf(rewrite.path);
  const edit = (config: Edit['config']): Edit => ({ type: 'request-transformer', config, origin });
  const uri =
    stringOf(path?.type) === 'ReplacePrefixMatch'
      ? prefixTemplate(stringOf(path?.replacePrefixMatch), prefix)
      : stringOf(path?.replaceFullPath);
  const host = stringOf(rewrite.hostname);
  const headers = { headers: [`host:${host}`] };
  return [
    ...(uri === undefined ? [] : [edit({ replace: { uri } })]),
    ...(host === undefined ? [] : [edit({ replace: headers, add: headers })]),
  ];
}

/** What follows the prefix is what the pattern of the path caught, with its slash but where the prefix is the root. */
function prefixTemplate(replacement: string | undefined, prefix: string): string {
  if (replacement === undefined) return '/';
  const to = replacement.replace(/\/$/, '');
  const root = normalPrefix(prefix) === '/';
  const rest = root ? '"/" .. uri_captures[1]' : 'uri_captures[1]';
  if (to === '') return `$(uri_captures[1] == nil and "/" or ${rest})`;
  return root ? `${to}$(uri_captures[1] == nil and "" or ${rest})` : `${to}$(uri_captures[1])`;
}

/** Without the slash at its end. */
export const normalPrefix = (path: string): string => (path === '' || path === '/' ? '/' : path.replace(/\/$/, ''));

/** Edits of one plugin are one: lists follow each other, of single values the first counts. */
function merged(edits: readonly Edit[]): readonly KongPlugin[] {
  return (['request-transformer', 'response-transformer'] as const).flatMap((type): KongPlugin[] => {
    const of = edits.filter((edit) => edit.type === type);
    const [first] = of;
    if (!first) return [];
    const config = Object.fromEntries(
      PARTS.flatMap((part): [string, Json][] => {
        const value = mergedPart(of, part);
        return Object.keys(value).length > 0 ? [[part, value]] : [];
      }),
    );
    return [{ name: type, config, enabled: true, origin: first.origin }];
  });
}

const PARTS = ['replace', 'add', 'append', 'remove'];

function mergedPart(edits: readonly Edit[], part: string): JsonObject {
  const values = edits.flatMap((edit): JsonObject[] => {
    const value = objectOf(own(edit.config, part));
    return value ? [value] : [];
  });
  const headers = values.flatMap((value) => stringsOf(value.headers));
  const uri = values.map((value) => stringOf(value.uri)).find((text) => text !== undefined && text !== '');
  return { ...(headers.length > 0 ? { headers } : {}), ...(uri === undefined ? {} : { uri }) };
}
