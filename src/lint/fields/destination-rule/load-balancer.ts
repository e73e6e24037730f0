import { append, type Json, type JsonObject } from '../../../model/index.js';
import type { Problem, Rule } from '../../rule.js';
import { at, DESTINATION_RULE, refused } from '../field-rule.js';
import { given, list, number, object, text } from '../values.js';
import { integer, on, REFUSED, shop } from './shared.js';

/** Envoy's own test, with its quirks: 1, 2 and 3 are prime, 0 is not. */
function isPrime(x: number): boolean {
  if (x !== 0 && x < 4) return true;
  if (x % 2 === 0) return false;
  for (let factor = 3; factor * factor <= x; factor += 2) if (x % factor === 0) return false;
  return true;
}

function loadBalancer(value: Json): Problem[] {
  const lb = object(value);
  const hash = object(lb.consistentHash);
  const problems: Problem[] = cookieProblems(hash);
  if (number(integer(hash.minimumRingSize)) !== 0 && (given(hash.ringHash) || given(hash.maglev)))
    problems.push({
      message: 'minimumRingSize cannot be combined with ringHash or maglev',
      path: ['consistentHash', 'minimumRingSize'],
    });
  const table = given(hash.maglev) ? tableSizeProblem(hash) : undefined;
  if (table) problems.push(table);
  if (given(lb.localityLbSetting) && given(lb.zoneAwareLbSetting))
    problems.push('localityLbSetting and zoneAwareLbSetting exclude each other');
  if (given(lb.warmup)) append(problems, warmupProblems(object(lb.warmup)));
  return problems;
}

function cookieProblems(hash: JsonObject): Problem[] {
  const cookie = object(hash.httpCookie);
  const problems: Problem[] = [];
  if (given(hash.httpCookie) && !text(cookie.name))
    problems.push({ message: 'the cookie has no name', path: ['consistentHash', 'httpCookie'] });
  const attributes = new Set<string>();
  for (const [index, attribute] of list(cookie.attributes).entries()) {
    const name = text(object(attribute).name);
    const path = ['consistentHash', 'httpCookie', 'attributes', index];
    if (!name) problems.push({ message: 'the cookie attribute has no name', path });
    else if (attributes.has(name)) problems.push({ message: `the cookie attribute "${name}" is given twice`, path });
    attributes.add(name);
  }
  return problems;
}

function tableSizeProblem(hash: JsonObject): Problem {
  const size = number(integer(object(hash.maglev).tableSize));
  const path = ['consistentHash', 'maglev'];
  if (size === 0) return { message: 'maglev needs a tableSize', path };
  if (size >= 5000011) return { message: 'the tableSize has to be below 5000011', path };
  return isPrime(size)
    ? undefined
    : { message: `the tableSize ${size} is not a prime number`, path: [...path, 'tableSize'] };
}

function warmupProblems(warmup: JsonObject): Problem[] {
  const problems: Problem[] = [];
  if (!given(warmup.duration)) problems.push({ message: 'the warmup has no duration', path: ['warmup'] });
  if (number(warmup.minimumPercent) > 100)
    problems.push({ message: 'minimumPercent is above 100', path: ['warmup', 'minimumPercent'] });
  if (given(warmup.aggression) && number(warmup.aggression) <= 0)
    problems.push({ message: 'aggression has to be above 0', path: ['warmup', 'aggression'] });
  return problems;
}

export const rules: readonly Rule[] = [
  refused(
    {
      code: 'MGW0507',
      name: 'load-balancer',
      title: 'Invalid load balancer settings',
      docs: () => ({
        happens: REFUSED,
        instead: 'A cookie with a name; a maglev table of a prime size below 5000011; a warmup with a duration.',
        bad: shop('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 1000}}}'),
        good: shop('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 1009}}}'),
      }),
    },
    at(DESTINATION_RULE, on('loadBalancer'), loadBalancer),
  ),
];
