// rate-limiting (kong/plugins/rate-limiting/handler.lua): its counters are not in the files.

import type { Condition } from '../../../model/index.js';
import { number, text } from './config.js';
import type { PluginRules } from './plugin.js';

const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'];

export const rules: PluginRules = {
  name: 'rate-limiting',
  priority: 910,
  access: (branch, plugin) => {
    const limits = PERIODS.flatMap((period) => {
      const limit = number(plugin, period);
      return limit === undefined ? [] : [`${limit} per ${period}`];
    });
    const status = number(plugin, 'error_code') ?? 429;
    const condition: Condition = {
      kind: 'rate-limit',
      summary: `rate-limiting: ${limits.join(', ')} by ${text(plugin, 'limit_by') ?? 'consumer'}, else ${status}`,
      status,
      origin: plugin.origin,
    };
    return [{ ...branch, conditions: [...branch.conditions, condition] }];
  },
};
