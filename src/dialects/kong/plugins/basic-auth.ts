// basic-auth (kong/plugins/basic-auth/access.lua): Proxy-Authorization is looked at before Authorization.

import type { HeaderMatcher } from '../../../model/index.js';
import { ANYTHING, literally } from '../patterns.js';
import { authenticated, besidePreflights, rejected, skips } from './auth.js';
import { type Branch, withHeader } from './branch.js';
import { flag, text } from './config.js';
import type { PluginRules } from './plugin.js';

const HEADERS = ['proxy-authorization', 'authorization'];

export const rules: PluginRules = {
  name: 'basic-auth',
  priority: 1100,
  guards: true,
  access: (branch, plugin, context) => {
    if (skips(branch, plugin)) return [branch];
    return besidePreflights(branch, plugin, (start) => {
      const hide = (b: Branch): Branch =>
        flag(plugin, 'hide_credentials', false)
          ? { ...b, request: [...b.request, ...HEADERS.map((name) => ({ op: 'remove', name }) as const)] }
          : b;
      const known = HEADERS.flatMap((name) =>
        context.consumers.flatMap((consumer) =>
          consumer.passwords.flatMap(({ username, password }) => {
            const branch = withHeader(start, credential(name, username, password));
            return branch ? [authenticated(hide(branch), consumer, { identifier: username })] : [];
          }),
        ),
      );
      const challenge = `Basic realm="${text(plugin, 'realm') ?? 'service'}"`;
      return [...known, rejected(hide(start), plugin, context, { why: 'Unauthorized', challenge })];
    });
  },
};

/** The scheme is found anywhere in the value, spaces behind it do not count. */
function credential(name: string, username: string, password: string): HeaderMatcher {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64').replace(/=+$/, '');
  return { name, value: { kind: 'regex', pattern: `${ANYTHING}[Bb]asic\\s*${literally(encoded)}=*` } };
}
