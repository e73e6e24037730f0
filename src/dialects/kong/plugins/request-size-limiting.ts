// request-size-limiting (kong/plugins/request-size-limiting/handler.lua): behind authentication, before acl.

import { own } from '../../../model/index.js';
import { flag, number, text } from './config.js';
import type { PluginRules } from './plugin.js';

const UNITS = { bytes: 1, kilobytes: 1024, megabytes: 1_048_576 };

export const rules: PluginRules = {
  name: 'request-size-limiting',
  priority: 951,
  access: (branch, plugin) => {
    const bytes =
      (number(plugin, 'allowed_payload_size') ?? 128) *
      (own(UNITS, text(plugin, 'size_unit') ?? '') ?? UNITS.megabytes);
    const { origin } = plugin;
    const detail = 'a request without Content-Length is answered 411 (require_content_length)';
    const unknown = flag(plugin, 'require_content_length', false)
      ? { unknown: [...(branch.unknown ?? []), { feature: 'plugin.request-size-limiting.length', detail, origin }] }
      : {};
    return [{ ...branch, maxBytes: { bytes, origin }, ...unknown }];
  },
};
