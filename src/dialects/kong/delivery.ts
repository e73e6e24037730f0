// How Kong sends requests on, where somebody says it: times and tries of a service, and how an endpoint is chosen. Its own defaults (60 s for each of the three times, 5
// tries more) are not repeated on every route: leaving.ts says them once. The times are nginx's: for one operation each, and never for a
// whole answer. Of all, the nearest to an idle timeout is that between two reads (kong/runloop/balancer and kong/db/schema/entities/
// services.lua of Kong 3.10).

import type { Delivery } from '../../model/index.js';
import type { KongService, ServiceSetting } from './entities.js';
import { balanceOf } from './upstream-policy.js';

const known = new WeakMap<KongService, Delivery | undefined>();

/** One object for all routes of a service; undefined: nothing is said. */
export function deliveryOf(service: KongService): Delivery | undefined {
  if (!known.has(service)) known.set(service, readDelivery(service));
  return known.get(service);
}

function readDelivery({ settings, policy }: KongService): Delivery | undefined {
  const balance = policy ? balanceOf(policy) : {};
  const all = [...settings, ...(balance.settings ?? [])];
  if (all.length === 0) return undefined;
  const said = (name: ServiceSetting['name']): number | undefined => settings.find((s) => s.name === name)?.value;
  const [connectTimeoutMs, idleTimeoutMs] = [said('connect-timeout'), said('read-timeout')];
  const [write, attempts] = [said('write-timeout'), said('retries')];
  const other = { ...(write === undefined ? {} : { 'write-timeout': `${write}` }), ...balance.other };
  return {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(attempts === undefined ? {} : { retries: { attempts, on: 'error timeout' } }),
    ...balance,
    ...(Object.keys(other).length > 0 ? { other } : {}),
    settings: all.map(({ name, origin }) => ({ name, origin })),
    settingsOf: 'kong',
  };
}
