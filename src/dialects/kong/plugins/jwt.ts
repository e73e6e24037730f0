// jwt (kong/plugins/jwt/handler.lua): the engine says whose token a request shows (simulate/engines/kong/token.ts). Not computed are
// signatures of other algorithms than HS256, and times.

import { type Condition, keep } from '../../../model/index.js';
import type { KongConsumer, KongPlugin } from '../entities.js';
import { authenticated, besidePreflights, rejected, skips } from './auth.js';
import { type Branch, withHeader } from './branch.js';
import { flag, number, text, texts } from './config.js';
import type { PluginContext, PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'jwt',
  priority: 1450,
  guards: true,
  access: (branch, plugin, context) =>
    skips(branch, plugin) ? [branch] : besidePreflights(branch, plugin, (b) => ways(b, plugin, context)),
};

function ways(start: Branch, plugin: KongPlugin, context: PluginContext): readonly Branch[] {
  const claim = text(plugin, 'key_claim_name') ?? 'iss';
  const question = questionOf(plugin, context, claim);
  const answers = (value: string): Branch | undefined =>
    withHeader(start, { name: question, value: { kind: 'exact', value } });
  const realm = text(plugin, 'realm');
  const challenge = realm === undefined ? 'Bearer' : `Bearer realm="${realm}"`;
  const invalid = `${challenge}${realm === undefined ? '' : ','} error="invalid_token"`;
  const known = context.consumers.flatMap((consumer) =>
    consumer.tokens.flatMap(({ key, algorithm }) => {
      const shown = answers(`key ${key}`);
      return shown ? [signed(shown, { consumer, key, algorithm }, plugin)] : [];
    }),
  );
  const refused = [
    ...['Multiple tokens provided', 'Bad token', 'Invalid algorithm', 'Invalid key/secret', 'Invalid signature'],
    ...[`No mandatory '${claim}' in claims`, `Invalid '${claim}' in claims`],
    `No credentials found for given '${claim}'`,
  ].flatMap((why) => {
    const shown = answers(`error ${why}`);
    return shown ? [rejected(shown, plugin, context, { why, challenge: invalid })] : [];
  });
  return [...known, ...refused, rejected(start, plugin, context, { why: 'Unauthorized', challenge })];
}

interface Signer {
  readonly consumer: KongConsumer;
  readonly key: string;
  readonly algorithm: string;
}

function signed(branch: Branch, { consumer, key, algorithm }: Signer, plugin: KongPlugin): Branch {
  const open = [
    ...(algorithm === 'HS256' ? [] : [`the token must be signed with the key of ${key} (${algorithm})`]),
    ...((texts(plugin, 'claims_to_verify') ?? []).length > 0 || number(plugin, 'maximum_expiration')
      ? ['the token must be valid at the time of the request']
      : []),
  ];
  const conditions = open.map(
    (what): Condition => ({
      kind: 'external-auth',
      summary: `jwt: ${what}, else 401`,
      status: 401,
      origin: plugin.origin,
    }),
  );
  const known = authenticated(branch, consumer, { identifier: key });
  return { ...known, conditions: [...known.conditions, ...conditions] };
}

/** The secrets stay in this process. */
function questionOf(plugin: KongPlugin, { consumers }: PluginContext, claim: string): string {
  const lines = consumers.flatMap(({ tokens }) =>
    tokens.map(({ key, algorithm, secret }) => JSON.stringify([key, algorithm, secret ?? null])),
  );
  const question = {
    ask: 'token',
    parameters: texts(plugin, 'uri_param_names') ?? ['jwt'],
    cookies: texts(plugin, 'cookie_names') ?? [],
    headers: texts(plugin, 'header_names') ?? ['authorization'],
    claim,
    base64: flag(plugin, 'secret_is_base64', false),
    secret: keep('credentials of jwt', lines),
  };
  return `:owner of the token ${JSON.stringify(question).replaceAll('%', '\\u0025')}`;
}
