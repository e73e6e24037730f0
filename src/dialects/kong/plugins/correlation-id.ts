// correlation-id (kong/plugins/correlation-id/handler.lua): an id that Kong makes up, for the destination and perhaps the client.

import { absent, type Branch, present, withHeader } from './branch.js';
import { flag, text } from './config.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'correlation-id',
  priority: 100_001,
  access: (branch, plugin) => {
    const name = (text(plugin, 'header_name') ?? 'Kong-Request-ID').toLowerCase();
    const echo = (b: Branch): Branch =>
      flag(plugin, 'echo_downstream', false)
        ? { ...b, response: [...b.response, { op: 'set', name, value: `%REQ(${name})%` }] }
        : b;
    const given = withHeader(branch, present(name));
    const without = withHeader(branch, absent(name));
    const detail = `Kong makes up a value for ${name}`;
    const unknown = [...(branch.unknown ?? []), { feature: 'plugin.correlation-id', detail, origin: plugin.origin }];
    return [...(given ? [echo(given)] : []), ...(without ? [{ ...without, unknown }] : [])];
  },
};
