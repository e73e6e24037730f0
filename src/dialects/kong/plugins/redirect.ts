// redirect (kong/plugins/redirect/handler.lua, Kong 3.9): behind authentication, limits and the transformers.

import type { DirectResponse, Redirect } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import type { KongPlugin } from '../entities.js';
import { answered } from './branch.js';
import { flag, number, text } from './config.js';
import type { PluginRules } from './plugin.js';

export const rules: PluginRules = {
  name: 'redirect',
  priority: 779,
  access: (branch, plugin) => {
    const action = actionOf(plugin);
    if ('action' in action) return [answered(branch, action.action, plugin.origin)];
    const value = plainTemplate(action.location);
    const response = [...branch.response, { op: 'set', name: 'location', value } as const];
    return [
      answered(
        { ...branch, response },
        { kind: 'direct-response', status: action.status, body: 'redirecting' },
        plugin.origin,
      ),
    ];
  },
};

/** A Location as it is written goes out with any status and a body. */
function actionOf(
  plugin: KongPlugin,
): { readonly action: Redirect | DirectResponse } | { readonly status: number; readonly location: string } {
  const status = number(plugin, 'status_code') ?? 301;
  const location = text(plugin, 'location') ?? '';
  const found = flag(plugin, 'keep_incoming_path', false)
    ? /^(https?):\/\/([^/?#:]+)(?::(\d+))?/.exec(location)
    : undefined;
  if (!found) return { status, location };
  const [, scheme, host = '', port] = found;
  return {
    action: {
      kind: 'redirect',
      status,
      scheme: scheme === 'http' ? 'http' : 'https',
      host,
      ...(port === undefined ? {} : { port: Number(port) }),
    },
  };
}
