// acl (kong/plugins/acl/handler.lua): groups of the consumer that was authenticated.

import { plainTemplate } from '../../../model/index.js';
import { answered, message } from './branch.js';
import { flag, texts } from './config.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'acl',
  priority: 950,
  guards: true,
  access: (branch, plugin) => {
    const { consumer, credential } = branch;
    const refuse = () =>
      credential
        ? answered(branch, message(403, 'You cannot consume this service'), plugin.origin)
        : answered(branch, message(401, 'Unauthorized'), plugin.origin);
    if (!consumer) return [refuse()];
    const deny = texts(plugin, 'deny') ?? [];
    const denies = deny.length > 0;
    const { groups } = consumer;
    if (groups.length === 0 && !denies) return [refuse()];
    const member = (denies ? deny : (texts(plugin, 'allow') ?? [])).some((group) => groups.includes(group));
    if (member === denies) return [answered(branch, message(403, 'You cannot consume this service'), plugin.origin)];
    if (flag(plugin, 'hide_groups_header', false)) return [branch];
    const value = plainTemplate(groups.join(', '));
    return [{ ...branch, request: [...branch.request, { op: 'set', name: 'x-consumer-groups', value }] }];
  },
};
