// key-auth (kong/plugins/key-auth/handler.lua): a key in a header, a parameter or the body.

import { append, type QueryMatcher } from '../../../model/index.js';
import type { KongConsumer, KongPlugin } from '../entities.js';
import { authenticated, besidePreflights, rejected, skips } from './auth.js';
import { absent, type Branch, present, withHeader, withQueryParameter } from './branch.js';
import { flag, text, texts } from './config.js';
import type { PluginContext, PluginRules } from './plugin.js';

const NO_KEY = 'No API key found in request';

export const rules: PluginRules = {
  name: 'key-auth',
  priority: 1250,
  guards: true,
  access: (branch, plugin, context) =>
    skips(branch, plugin) ? [branch] : besidePreflights(branch, plugin, (b) => keysOf(b, plugin, context)),
};

function keysOf(branch: Branch, plugin: KongPlugin, context: PluginContext): readonly Branch[] {
  const names = texts(plugin, 'key_names') ?? ['apikey'];
  const realm = text(plugin, 'realm');
  const challenge = realm === undefined ? 'Key' : `Key realm="${realm}"`;
  const refuse = (b: Branch, why: string): Branch => rejected(b, plugin, context, { why, challenge });
  const out: Branch[] = [];
  let rest: Branch | undefined = branch;
  for (const written of names) {
    if (!rest) break;
    const name = written.toLowerCase();
    if (flag(plugin, 'key_in_header', true)) {
      const found: Branch | undefined = withHeader(rest, present(name));
      if (found) append(out, headerKeys(rest, name, { plugin, context, refuse, names }));
      rest = withHeader(rest, absent(name));
    }
    if (rest && flag(plugin, 'key_in_query', true)) {
      append(out, queryKeys(rest, written, { plugin, context, refuse, names }));
      rest = withQueryParameter(rest, { name: written, value: { kind: 'any' }, invert: true });
    }
  }
  if (rest) out.push(refuse(inBody(rest, plugin), NO_KEY));
  return out;
}

interface Ways {
  readonly plugin: KongPlugin;
  readonly context: PluginContext;
  readonly refuse: (branch: Branch, why: string) => Branch;
  readonly names: readonly string[];
}

const credentials = ({ consumers }: PluginContext): readonly (readonly [key: string, consumer: KongConsumer])[] =>
  consumers.flatMap((consumer) => consumer.keys.map((key) => [key, consumer] as const));

/** The header is there. */
function headerKeys(branch: Branch, name: string, { plugin, context, refuse }: Ways): readonly Branch[] {
  const hide = (b: Branch): Branch => (flag(plugin, 'hide_credentials', false) ? hidden(b, name) : b);
  const out = credentials(context).flatMap(([key, consumer]) => {
    const known = withHeader(branch, { name, value: { kind: 'exact', value: key } });
    return known ? [authenticated(hide(known), consumer, {})] : [];
  });
  const empty = withHeader(branch, { name, value: { kind: 'exact', value: '' } });
  const other = withHeader(branch, present(name));
  return [
    ...out,
    ...(empty ? [refuse(hide(empty), NO_KEY)] : []),
    ...(other ? [refuse(hide(other), 'Unauthorized')] : []),
  ];
}

/** Both places lose the name, wherever the key was found. */
function hidden(branch: Branch, name: string): Branch {
  return {
    ...branch,
    request: [...branch.request, { op: 'remove', name: name.toLowerCase() }],
    queryOps: { remove: [...(branch.queryOps?.remove ?? []), name], kept: true },
  };
}

function queryKeys(branch: Branch, name: string, { plugin, context, refuse }: Ways): readonly Branch[] {
  const hide = (b: Branch): Branch => (flag(plugin, 'hide_credentials', false) ? hidden(b, name) : b);
  const is = (value: QueryMatcher['value']): Branch => withQueryParameter(branch, { name, value });
  const known = credentials(context).map(([key, consumer]) =>
    authenticated(hide(is({ kind: 'exact', value: encodeURIComponent(key) })), consumer, {}),
  );
  return [
    ...known,
    refuse(hide(is({ kind: 'exact', value: '' })), NO_KEY),
    refuse(hide(is({ kind: 'any' })), 'Unauthorized'),
  ];
}

/** A body is not looked at: whether it holds a key is not known. */
function inBody(branch: Branch, plugin: KongPlugin): Branch {
  if (!flag(plugin, 'key_in_body', false)) return branch;
  const detail = 'the key may be in the body of the request (key_in_body), which is not read';
  return {
    ...branch,
    unknown: [...(branch.unknown ?? []), { feature: 'plugin.key-auth.body', detail, origin: plugin.origin }],
  };
}
