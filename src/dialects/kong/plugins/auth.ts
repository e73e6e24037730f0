// What authentication leaves in a request: set_consumer of kong/plugins/key-auth/handler.lua and its siblings.

import { plainTemplate } from '../../../model/index.js';
import { type KongConsumer, type KongPlugin, nameOfConsumer } from '../entities.js';
import { answered, type Branch, type Edit, message, withHeader } from './branch.js';
import { flag, text } from './config.js';
import type { PluginContext } from './plugin.js';

/** `identifier`: of the credential, where it is known; undefined: an id that Kong makes at random; none: the anonymous consumer. */
export function authenticated(
  branch: Branch,
  consumer: KongConsumer,
  credential: { readonly identifier?: string } | undefined,
): Branch {
  const edit = (name: string, value: string | undefined): Edit =>
    value === undefined ? { op: 'remove', name } : { op: 'set', name, value: plainTemplate(value) };
  return {
    ...branch,
    consumer,
    ...(credential ? { credential: true } : {}),
    request: [
      ...branch.request,
      edit('x-consumer-id', consumer.id),
      edit('x-consumer-custom-id', consumer.customId),
      edit('x-consumer-username', consumer.username),
      edit('x-credential-identifier', credential?.identifier),
      edit('x-anonymous-consumer', credential ? undefined : 'true'),
    ],
  };
}

/** Who is not let in: an answer, or the anonymous consumer where one is configured. */
export function rejected(
  branch: Branch,
  plugin: KongPlugin,
  context: PluginContext,
  { why, challenge }: { readonly why: string; readonly challenge: string },
): Branch {
  const anonymous = text(plugin, 'anonymous');
  if (anonymous === undefined || anonymous === '')
    return answered(
      { ...branch, response: [...branch.response, { op: 'set', name: 'www-authenticate', value: challenge }] },
      message(401, why),
      plugin.origin,
    );
  const consumer = context.consumers.find((c) => c.id === anonymous || nameOfConsumer(c) === anonymous);
  if (!consumer)
    return answered(
      branch,
      message(500, `anonymous consumer ${anonymous} is configured but doesn't exist`),
      plugin.origin,
    );
  return authenticated(branch, consumer, undefined);
}

/** Where the plugin does nothing: somebody else let the request in and one is enough, or it is a preflight. */
export function skips(branch: Branch, plugin: KongPlugin): boolean {
  return branch.credential === true && (text(plugin, 'anonymous') ?? '') !== '';
}

/** Preflights pass without authentication where `run_on_preflight` is off. */
export function besidePreflights(
  branch: Branch,
  plugin: KongPlugin,
  go: (branch: Branch) => readonly Branch[],
): readonly Branch[] {
  if (flag(plugin, 'run_on_preflight', true)) return go(branch);
  const options = { kind: 'exact', value: 'OPTIONS' } as const;
  const preflight = withHeader(branch, { name: ':method', value: options });
  const others = withHeader(branch, { name: ':method', value: options, invert: true });
  return [...(preflight ? [preflight] : []), ...(others ? go(others) : [])];
}
