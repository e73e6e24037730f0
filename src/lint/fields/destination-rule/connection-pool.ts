import { type Json, own } from '../../../model/index.js';
import type { FieldTest, Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused, SIDECAR, SIDECAR_POOLS } from '../field-rule.js';
import { given, number, object } from '../values.js';
import { on, REFUSED, shop } from './shared.js';

const NOT_NEGATIVE = [
  'http.http1MaxPendingRequests',
  'http.http2MaxRequests',
  'http.maxRequestsPerConnection',
  'http.maxRetries',
  'http.maxConcurrentStreams',
  'tcp.maxConnections',
];

const notNegative: FieldTest = (value, { key }) => (number(value) < 0 ? `${key} cannot be negative` : undefined);

function connectionPool(value: Json): Problem[] {
  const pool = object(value);
  if (!given(pool.http) && !given(pool.tcp)) return ['the connection pool is empty'];
  const http = object(pool.http);
  const problems: Problem[] = [];
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true)
    problems.push({
      message: 'useClientProtocol and h2UpgradePolicy UPGRADE exclude each other',
      path: ['http', 'useClientProtocol'],
    });
  if (given(http.http2KeepAlive))
    for (const field of ['interval', 'timeout'])
      if (!given(own(object(http.http2KeepAlive), field)))
        problems.push({ message: `http2KeepAlive needs ${field}`, path: ['http', 'http2KeepAlive'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0506',
      name: 'connection-pool',
      title: 'Invalid connection pool settings',
      docs: () => ({
        happens: REFUSED,
        instead: 'Settings for http or tcp, none negative.',
        bad: shop('connectionPool: {}'),
        good: shop('connectionPool: {tcp: {maxConnections: 100}}'),
      }),
    },
    at(DESTINATION_RULE, on('connectionPool'), connectionPool),
    at(
      DESTINATION_RULE,
      NOT_NEGATIVE.flatMap((f) => on(`connectionPool.${f}`)),
      notNegative,
    ),
    at(SIDECAR, SIDECAR_POOLS, connectionPool),
    at(
      SIDECAR,
      NOT_NEGATIVE.flatMap((f) => SIDECAR_POOLS.map((p) => `${p}.${f}`)),
      notNegative,
    ),
  ),
];
