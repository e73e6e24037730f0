import type { Json } from '../../../model/index.js';
import { httpRule } from '../../examples.js';
import type { Problem, Rule } from '../../rule.js';
import { at, refused, VIRTUAL_SERVICE } from '../field-rule.js';
import { given, number, object, text } from '../values.js';
import { REFUSED, TO_SHOP } from './shared.js';

/** Go's net/http StatusText knows these (net/http/status.go). */
const isStatus = (code: number): boolean =>
  (code >= 100 && code <= 103) ||
  (code >= 200 && code <= 208) ||
  code === 226 ||
  (code >= 300 && code <= 308 && code !== 306) ||
  (code >= 400 && code <= 418) ||
  (code >= 421 && code <= 426) ||
  [428, 429, 431, 451].includes(code) ||
  (code >= 500 && code <= 511 && code !== 509);

const RETRY_POLICIES = new Set(
  [
    '5xx',
    'gateway-error',
    'reset',
    'reset-before-request',
    'connect-failure',
    'retriable-4xx',
    'refused-stream',
    'retriable-status-codes',
    'retriable-headers',
  ].concat([
    'envoy-ratelimited',
    'http3-post-connect-failure',
    'cancelled',
    'deadline-exceeded',
    'internal',
    'resource-exhausted',
    'unavailable',
  ]),
);

function retries(value: Json): Problem[] {
  const r = object(value);
  const attempts = number(r.attempts);
  const problems: Problem[] = [];
  if (attempts < 0) problems.push({ message: `attempts is ${attempts}; it must be 0 or more`, path: ['attempts'] });
  if (attempts === 0 && (given(r.perTryTimeout) || text(r.retryOn) || given(r.retryRemoteLocalities)))
    problems.push('retries are configured, but attempts is 0, which turns them off');
  if (text(r.retryOn))
    for (const policy of text(r.retryOn).split(','))
      if (!RETRY_POLICIES.has(policy) && !(/^[+]?\d{1,9}$/.test(policy) && isStatus(Number(policy))))
        problems.push({ message: `"${policy}" is not a retryOn policy or an HTTP status`, path: ['retryOn'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0430',
      name: 'retries',
      title: 'Invalid retry policy',
      docs: () => ({
        happens: REFUSED,
        instead: 'Attempts above 0 and policies that Envoy supports, separated by commas without spaces.',
        bad: httpRule(`retries: {attempts: 3, retryOn: always}\n${TO_SHOP}`),
        good: httpRule(`retries: {attempts: 3, retryOn: "gateway-error,503"}\n${TO_SHOP}`),
      }),
    },
    at(VIRTUAL_SERVICE, 'spec.http[].retries', retries),
  ),
];
