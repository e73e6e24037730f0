// request-termination (kong/plugins/request-termination/handler.lua): the last of all, for every request or those with the trigger.

import { type DirectResponse, own, plainTemplate } from '../../../model/index.js';
import type { KongPlugin } from '../entities.js';
import { answered, type Branch, message, present, withHeader, withQueryParameter } from './branch.js';
import { flag, number, text } from './config.js';
import type { PluginRules } from './plugin.js';

const MESSAGES: Readonly<Record<string, string>> = {
  401: 'Unauthorized',
  404: 'Not found',
  405: 'Method not allowed',
  500: 'An unexpected error occurred',
  502: 'Bad Gateway',
  503: 'Service unavailable',
};

export const rules: PluginRules = {
  name: 'request-termination',
  priority: 2,
  access: (branch, plugin) => {
    const end = (b: Branch): Branch => ended(b, plugin);
    const trigger = text(plugin, 'trigger');
    if (trigger === undefined) return [end(branch)];
    const inHeader = withHeader(branch, present(trigger.toLowerCase()));
    const inQuery = withQueryParameter(branch, { name: trigger, value: { kind: 'any' } });
    return [...(inHeader ? [end(inHeader)] : []), end(inQuery), branch];
  },
};

function ended(branch: Branch, plugin: KongPlugin): Branch {
  const { origin } = plugin;
  const done = answered(branch, answerOf(plugin), origin);
  const type = text(plugin, 'content_type');
  const typed: Branch =
    type === undefined || text(plugin, 'body') === undefined
      ? done
      : {
          ...done,
          response: [...done.response, { op: 'set', name: 'content-type', value: plainTemplate(type) }],
        };
  if (!flag(plugin, 'echo', false)) return typed;
  const detail = 'the body tells the request and the node (echo)';
  return {
    ...typed,
    unknown: [...(typed.unknown ?? []), { feature: 'plugin.request-termination.echo', detail, origin }],
  };
}

function answerOf(plugin: KongPlugin): DirectResponse {
  const status = number(plugin, 'status_code') ?? 503;
  const body = text(plugin, 'body');
  if (body !== undefined) return { kind: 'direct-response', status, body };
  const said = text(plugin, 'message') ?? own(MESSAGES, String(status));
  return said === undefined ? { kind: 'direct-response', status } : message(status, said);
}
