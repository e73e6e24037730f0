// jwt (kong/plugins/jwt/handler.lua): who shows no token is refused; whether a token is good depends on secrets and the time.

import type { Condition } from '../../../model/index.js';
import { ANYTHING } from '../patterns.js';
import { besidePreflights, rejected, skips } from './auth.js';
import { type Branch, withHeader, withQueryParameter } from './branch.js';
import { text, texts } from './config.js';
import type { PluginRules } from './plugin.js';

/** Three parts of base64url. */
const TOKEN = '[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+';

export const rules: PluginRules = {
  name: 'jwt',
  priority: 1450,
  guards: true,
  access: (branch, plugin, context) => {
    if (skips(branch, plugin)) return [branch];
    return besidePreflights(branch, plugin, (start) => {
      const condition: Condition = {
        kind: 'external-auth',
        summary: 'jwt: the token must be signed with the secret of a consumer, else 401',
        status: 401,
        origin: plugin.origin,
      };
      const shown = (b: Branch): Branch => ({ ...b, credential: true, conditions: [...b.conditions, condition] });
      const inHeader = (texts(plugin, 'header_names') ?? ['authorization']).flatMap((name) => {
        const pattern = `${ANYTHING}[Bb]earer\\s+${TOKEN}`;
        return withHeader(start, { name: name.toLowerCase(), value: { kind: 'regex', pattern } }) ?? [];
      });
      const inQuery = (texts(plugin, 'uri_param_names') ?? ['jwt']).map((name) =>
        withQueryParameter(start, { name, value: { kind: 'regex', pattern: TOKEN } }),
      );
      const inCookie = (texts(plugin, 'cookie_names') ?? []).flatMap((name) => {
        const pattern = `(?s:(?:.*;)?\\s*)${name.replace(/[^\w-]/g, '.')}=[^;]+${ANYTHING}`;
        return withHeader(start, { name: 'cookie', value: { kind: 'regex', pattern } }) ?? [];
      });
      const realm = text(plugin, 'realm');
      const challenge = realm === undefined ? 'Bearer' : `Bearer realm="${realm}"`;
      const broken = (texts(plugin, 'header_names') ?? ['authorization']).flatMap((name) => {
        const pattern = `${ANYTHING}[Bb]earer\\s+(?s:.+)`;
        const found = withHeader(start, { name: name.toLowerCase(), value: { kind: 'regex', pattern } });
        const bad = `${challenge}${realm === undefined ? '' : ','} error="invalid_token"`;
        return found ? rejected(found, plugin, context, { why: 'Bad token', challenge: bad }) : [];
      });
      return [
        ...[...inHeader, ...inQuery, ...inCookie].map(shown),
        ...broken,
        rejected(start, plugin, context, { why: 'Unauthorized', challenge }),
      ];
    });
  },
};
