// bot-detection (kong/plugins/bot-detection/handler.lua): by User-Agent, against the plugin's own list of bots too. Of that list the rule
// that most bots meet is known: a name that ends like a bot's, with a version behind it.

import type { KongPlugin } from '../entities.js';
import { foundIn } from '../patterns.js';
import { absent, answered, type Branch, message, withHeader } from './branch.js';
import { texts } from './config.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'bot-detection',
  priority: 2500,
  guards: true,
  access: (branch, plugin) => {
    // It stands before the branches for requests with the header.
    const silent = { ...branch, headers: [...branch.headers, absent('user-agent')] };
    const listed = (name: 'allow' | 'deny', then: (b: Branch) => Branch): readonly Branch[] =>
      (texts(plugin, name) ?? []).flatMap((rule) => {
        const matched = withHeader(branch, {
          name: 'user-agent',
          value: { kind: 'regex', pattern: foundIn(rule, false) },
        });
        return matched ? [then(matched)] : [];
      });
    const bot = withHeader(branch, { name: 'user-agent', value: { kind: 'regex', pattern: NAMED_BOT } });
    const named = bot ? [bot] : [];
    return [
      silent,
      ...listed('allow', (b) => b),
      ...listed('deny', (b) => answered(b, message(403, 'Forbidden'), plugin.origin)),
      ...named.flatMap((b) => answered(b, message(403, 'Forbidden'), plugin.origin)),
      { ...branch, unknown: [...(branch.unknown ?? []), ownList(plugin)] },
    ];
  },
};

const NAMED_BOT = '(?s:.*)(?:[Aa]rchiver|[Ii]ndexer|[Ss]craper|[Bb]ot|[Ss]pider|[Cc]rawl[a-z]*)[/ ][0-9](?s:.*)';

const ownList = ({ origin }: KongPlugin) => ({
  feature: 'plugin.bot-detection',
  detail: "a User-Agent that is on the plugin's own list of bots is answered 403",
  origin,
});
