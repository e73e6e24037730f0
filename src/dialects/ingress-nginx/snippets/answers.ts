// `return`, `rewrite` and `if` of a snippet as steps of a location or of a server, and its lists of addresses.

import {
  type Action,
  type HeaderMatcher,
  type Origin,
  plainTemplate,
  type Redirect,
  type SourceMatcher,
  type StringMatcher,
  table,
} from '../../../model/index.js';
import { PcreError } from '../../pcre.js';
import type { Step } from '../nginx/steps.js';
import { rewriteOf, searchMatcher } from '../pcre/match.js';
import type { Snippet, SnippetAnswer, SnippetTest } from './snippet.js';
import { type LocationContext, templateOf } from './value.js';

export interface Place extends LocationContext {
  readonly scheme: 'http' | 'https';
  readonly origin: Origin;
  /** Answer of nginx's own page for a status. */
  readonly page: (status: number) => Action;
  /** What is not understood. */
  readonly told: (what: string) => void;
}

/** Steps in the order of the text. An `if` has settings of its own: what other blocks of the location add is not in its answer. */
export function answerSteps(answers: readonly SnippetAnswer[], place: Place): readonly Step[] {
  return answers.flatMap((answer): Step[] => {
    const headers = answer.test ? matchersOf(answer.test, place) : [];
    if (headers === 'never') return [];
    const action = headers && actionOf(answer, place);
    if (!headers || !action) {
      place.told(`return ${answer.status}${answer.test ? ` behind if ($${answer.test.variable} …)` : ''}`);
      return [];
    }
    return [{ headers, action, origin: place.origin, ...(answer.test ? { bare: true } : {}) }];
  });
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

function actionOf({ status, text, pattern }: SnippetAnswer, place: Place): Action | undefined {
  if (text === undefined) return place.page(status);
  if (pattern !== undefined) return rewritten(status, pattern, text, place);
  if (!REDIRECTS.includes(status)) {
    const { template, unknown } = templateOf(text, place, true);
    return unknown.length > 0 || template !== plainTemplate(text)
      ? undefined
      : { kind: 'direct-response', status, body: text };
  }
  return locationOf(status, text, place);
}

/** A whole Location; a path alone is completed with scheme and host. */
function locationOf(status: number, text: string, place: Place): Redirect | undefined {
  const { template, unknown } = templateOf(text, place, true);
  if (unknown.length > 0) return undefined;
  if (template.startsWith('/'))
    return {
      kind: 'redirect',
      status,
      path: { kind: 'full', to: template },
      stripQuery: true,
      ...(place.host === undefined ? {} : { host: place.host }),
    };
  const same = /^(https?|%REQ\(:scheme\)%):\/\/([^/%]+|%REQ\(:authority\)%)%REQ\(:path\)%$/.exec(template);
  if (!same) return { kind: 'redirect', status, location: template };
  const [, scheme = '', host = ''] = same;
  return {
    kind: 'redirect',
    status,
    scheme: scheme === 'http' || scheme === 'https' ? scheme : place.scheme,
    ...(host.startsWith('%') ? {} : { host }),
  };
}

/** The path always begins with a slash: these take every one of them. */
const EVERY_PATH = /^(\^|\^?\.\*\$?|\^?\(\.\*\)\$?|\^?\/|\^?\/\.\*\$?|\^?\/\(\.\*\)\$?)$/;

function rewritten(status: number, pattern: string, text: string, place: Place): Redirect | undefined {
  if (!EVERY_PATH.test(pattern)) return undefined;
  const bare = text.replace(/\?$/, '');
  if (/\$(\{?request_uri\b)/.test(text)) return text.endsWith('?') ? locationOf(status, bare, place) : undefined;
  const [, scheme, host = '', path = ''] =
    /^(https?|\$scheme):\/\/([^/$]+|\$http_host|\$host)(\/.*)?$/.exec(bare) ?? [];
  const isPath = bare.startsWith('/');
  const target = (isPath ? bare : path || '/').replace(/\$\{?([1-9])\}?/g, '\\$1');
  if ((scheme === undefined && !isPath) || target.includes('$')) return undefined;
  try {
    return {
      kind: 'redirect',
      status,
      ...(scheme === undefined
        ? {}
        : { scheme: scheme === 'https' ? 'https' : scheme === 'http' ? 'http' : place.scheme }),
      ...(host === '' || host.startsWith('$') ? {} : { host }),
      path: rewriteOf(pattern.replace(/^\^|\$$/g, ''), target),
      ...(text.endsWith('?') ? { stripQuery: true } : {}),
    };
  } catch (error) {
    if (error instanceof PcreError) return undefined;
    throw error;
  }
}

const NAMES = table<string>({
  request_method: ':method',
  request_uri: ':path',
  http_host: ':authority',
});

/** `never`: it does not hold here; undefined: the test is not understood. */
function matchersOf(
  { variable, operator, value }: SnippetTest,
  place: Place,
): readonly HeaderMatcher[] | 'never' | undefined {
  const constant = variable === 'scheme' ? place.scheme : variable === 'host' ? place.host : undefined;
  const test = testOf(operator, value);
  if (!test) return undefined;
  if (constant !== undefined) {
    if (test.matcher.kind !== 'exact') return undefined;
    return (test.matcher.value === constant) === test.invert ? 'never' : [];
  }
  const name =
    NAMES.get(variable) ?? (/^http_[a-z0-9_]+$/.test(variable) ? variable.slice(5).replaceAll('_', '-') : undefined);
  if (name === undefined) return undefined;
  const matcher = { name, value: test.matcher, ...(test.invert ? { invert: true } : {}), origin: place.origin };
  // A variable of a header that is not there is the empty text.
  if (name.startsWith(':') || (!test.empty && !test.invert)) return [matcher];
  return [{ ...matcher, missing: test.empty ? 'empty' : 'absent' }];
}

interface Test {
  readonly matcher: StringMatcher;
  readonly invert: boolean;
  /** The test (not inverted) holds for the empty text. */
  readonly empty: boolean;
}

function testOf(operator: SnippetTest['operator'], value: string): Test | undefined {
  if (value.includes('$') && !operator.includes('~')) return undefined;
  const invert = operator.startsWith('!');
  switch (operator) {
    case '=':
    case '!=':
      return { matcher: { kind: 'exact', value }, invert, empty: value === '' };
    case 'true':
      return { matcher: { kind: 'regex', pattern: '(?:0|)' }, invert: true, empty: true };
    default:
      return patternTest(operator.endsWith('*') ? `(?i)${value}` : value, value, invert);
  }
}

function patternTest(pattern: string, bare: string, invert: boolean): Test | undefined {
  try {
    const caseless = pattern !== bare;
    const matcher = searchMatcher(bare);
    if (caseless) {
      if (matcher.kind === 'regex')
        return { matcher: { kind: 'regex', pattern: `(?i)${matcher.pattern}` }, invert, empty: false };
      return matcher.kind === 'any' ? undefined : { matcher: { ...matcher, ignoreCase: true }, invert, empty: false };
    }
    return { matcher, invert, empty: false };
  } catch (error) {
    if (error instanceof PcreError) return undefined;
    throw error;
  }
}

/** Who is refused, in order: addresses of a `deny` that no `allow` before it has. */
export function refusedAddresses(access: Snippet['access'], origin: Origin): readonly (readonly SourceMatcher[])[] {
  const refused: SourceMatcher[][] = [];
  const let_in: SourceMatcher[] = [];
  for (const { allow, addresses } of access) {
    if (addresses === 'all') {
      if (!allow) refused.push([...let_in]);
      break;
    }
    const inside: SourceMatcher = { cidrs: addresses, address: 'peer', origin };
    if (allow) let_in.push({ ...inside, invert: true });
    else refused.push([...let_in, inside]);
  }
  return refused;
}
