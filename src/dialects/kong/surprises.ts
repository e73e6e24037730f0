// What Kong makes of a configuration and nobody means: exact paths that are patterns, hosts that only some spellings of a name reach.

import type { ReadNote } from '../dialect.js';
import type { KongConfig, KongPath, KongRoute } from './entities.js';

export const surprisesOf = ({ routes }: KongConfig): readonly ReadNote[] =>
  routes.flatMap((route) => [...route.paths.flatMap((path) => patternNote(path, route)), ...hostNotes(route)]);

/** Characters of exact paths that a pattern reads otherwise, but for what KIC itself adds. */
const SPECIAL = /[.+*?()[\]{}|]/;

/** `Exact /a.b` is the pattern `/a.b$` in the two traditional flavours. Patterns that were written as such are meant. */
function patternNote({ kind, value, origin, literal }: KongPath, { hosts }: KongRoute): readonly ReadNote[] {
  if (kind !== 'regex' || literal === undefined || !SPECIAL.test(literal)) return [];
  const [host = 'localhost'] = hosts.filter((name) => !name.includes('*'));
  const dot = literal.indexOf('.');
  const other = dot < 0 ? undefined : `${literal.slice(0, dot)}X${literal.slice(dot + 1)}`;
  return [
    {
      code: 'kong-exact-pattern',
      message: `the path ${literal} is the pattern ${value} to Kong: ${other === undefined ? 'its special characters are no texts, so that it may not match itself' : `it matches ${other} too`}, but in the router flavour expressions`,
      origin,
      ...(other === undefined ? {} : { witness: { port: 80, scheme: 'http', method: 'GET', host, path: other } }),
    },
  ];
}

/** Names are compared with their case; clients send them in small letters. */
const hostNotes = ({ hosts, origin }: KongRoute): readonly ReadNote[] =>
  hosts
    .filter((host) => host !== host.toLowerCase())
    .map((host) => ({
      code: 'kong-host-case',
      message: `Kong compares hosts with their case: ${host} is not reached as ${host.toLowerCase()}, which is what browsers send`,
      origin,
    }));
