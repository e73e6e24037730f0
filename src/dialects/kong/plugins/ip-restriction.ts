// ip-restriction (kong/plugins/ip-restriction/handler.lua): behind authentication.

import { answered, message } from './branch.js';
import { number, text, texts } from './config.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'ip-restriction',
  priority: 990,
  guards: true,
  access: (branch, plugin) => {
    const refusal = message(number(plugin, 'status') ?? 403, text(plugin, 'message') ?? 'IP address not allowed');
    const where = (name: 'deny' | 'allow', cidrs: readonly string[]) => ({
      ...branch,
      source: [
        ...branch.source,
        { cidrs, address: 'client', ...(name === 'allow' ? { invert: true } : {}), origin: plugin.origin } as const,
      ],
    });
    const deny = texts(plugin, 'deny') ?? [];
    const allow = texts(plugin, 'allow') ?? [];
    return [
      ...(deny.length > 0 ? [answered(where('deny', deny), refusal, plugin.origin)] : []),
      ...(allow.length > 0 ? [answered(where('allow', allow), refusal, plugin.origin)] : []),
      branch,
    ];
  },
};
