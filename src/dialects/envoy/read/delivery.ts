// How bytes travel: time limits, retries, hashes of a RouteAction.

import { cookieAttributes, type Delivery, retryOnOf, retryOnText } from '../../../model/index.js';
import { field, list, type Node, originAt } from './node.js';
import { durationMs, flag, number, text } from './values.js';

/** Envoy's default of `timeout`. */
const DEFAULT_TIMEOUT_MS = 15_000;

/** `hostLevel`: the virtual host, whose retries count where the route has none. */
export function deliveryOf(action: Node, hostLevel: Node | undefined): Delivery | undefined {
  const timeoutMs = durationMs(action, 'timeout') ?? DEFAULT_TIMEOUT_MS;
  const retries = retriesOf(field(action, 'retry_policy') ?? field(hostLevel, 'retry_policy')) ?? { attempts: 0 };
  const hash = list(action, 'hash_policy').flatMap(hashOf);
  return {
    ...(timeoutMs > 0 ? { timeoutMs } : {}),
    retries,
    ...(hash.length > 0 ? { hash } : {}),
    origin: originAt(action),
  };
}

function retriesOf(node: Node | undefined): Delivery['retries'] | undefined {
  if (!node) return undefined;
  const statuses = list(node, 'retriable_status_codes').flatMap((code) =>
    typeof code.value === 'number' ? [code.value] : [],
  );
  // Without a condition nothing is tried again (retry_state_impl.cc), unless the client asks for it.
  if ((text(node, 'retry_on') ?? '') === '') return { attempts: 0 };
  const on = retryOnText({ conditions: retryOnOf(text(node, 'retry_on') ?? '').conditions, statuses });
  const perTryTimeoutMs = durationMs(node, 'per_try_timeout');
  const backoffMs = durationMs(field(node, 'retry_back_off'), 'base_interval');
  return {
    attempts: number(node, 'num_retries') ?? 1,
    ...(perTryTimeoutMs ? { perTryTimeoutMs } : {}),
    ...(on ? { on } : {}),
    ...(backoffMs ? { backoffMs } : {}),
  };
}

function hashOf(node: Node): NonNullable<Delivery['hash']>[number][] {
  const header = field(node, 'header');
  if (header) return [{ by: 'header', name: text(header, 'header_name') ?? '' }];
  const cookie = field(node, 'cookie');
  if (cookie) {
    const [ttlMs, path] = [durationMs(cookie, 'ttl'), text(cookie, 'path')];
    return [
      {
        by: 'cookie',
        name: text(cookie, 'name') ?? '',
        ...(ttlMs === undefined ? {} : { ttlMs }),
        ...(path ? { path } : {}),
        ...cookieAttributes(
          list(cookie, 'attributes').map((one) => [text(one, 'name') ?? '', text(one, 'value') ?? '']),
        ),
      },
    ];
  }
  const query = field(node, 'query_parameter');
  if (query) return [{ by: 'query', name: text(query, 'name') ?? '' }];
  return flag(field(node, 'connection_properties'), 'source_ip') ? [{ by: 'source-ip' }] : [];
}
