// Middlewares that change the path: pkg/middlewares/{addprefix,stripprefix,stripprefixregex,replacepath,replacepathregex}, and
// encodedcharacters, which refuses some.

import type { Route } from '../../../model/index.js';
import { booleanOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { answerTemplate, type PathStep, questionName } from '../engine.js';
import { Disabled } from '../names.js';
import { goRegex } from '../rules/go-regex.js';
import { deniedCharacters } from '../static.js';
import { answerRoute, type Flow, withHeader } from './flow.js';
import type { Kind, Step } from './middleware.js';

export const NOSNIFF = { op: 'set', name: 'x-content-type-options', value: 'nosniff' } as const;

/** A step that may refuse the path, and that notes something in a header. */
const pathStep =
  (step: PathStep, { refuses, notes }: { readonly refuses: readonly number[]; readonly notes?: string }): Step =>
  (flow, _, next) => {
    const steps = [...flow.steps, step];
    const after: Flow = {
      ...flow,
      steps,
      request: notes
        ? [...flow.request, { op: 'add', name: notes, value: answerTemplate({ ask: 'noted', steps }) }]
        : flow.request,
    };
    return [...refuses.map((status) => refusal(flow, steps, status)), ...next(after)];
  };

function refusal(flow: Flow, steps: readonly PathStep[], status: number): Route {
  const asked = withHeader(flow, {
    name: questionName({ ask: 'error', steps }),
    value: { kind: 'exact', value: String(status) },
  });
  return answerRoute(
    asked,
    {
      kind: 'direct-response',
      status,
      ...(status === 400 ? { body: 'Bad Request\n' } : {}),
      why: 'the path that is left is not clean',
    },
    [NOSNIFF],
  );
}

export const addPrefix: Kind = (spec) => {
  const prefix = stringOf(spec.prefix) ?? '';
  if (prefix === '') throw new Disabled('the prefix is empty');
  return pathStep(['add', prefix], { refuses: [] });
};

export const stripPrefix: Kind = (spec) => {
  const prefixes = stringsOf(spec.prefixes).map((p) => p.trim());
  const force = booleanOf(spec.forceSlash) === true;
  if (prefixes.length === 0) return (flow, _, next) => next(flow);
  return pathStep(force ? ['strip', prefixes, true] : ['strip', prefixes], {
    refuses: [400],
    notes: 'x-forwarded-prefix',
  });
};

export const stripPrefixRegex: Kind = (spec) => {
  const patterns = stringsOf(spec.regex).map((p) => p.trim());
  for (const pattern of patterns) goRegex(pattern);
  return pathStep(['strip-regex', patterns], { refuses: [400], notes: 'x-forwarded-prefix' });
};

export const replacePath: Kind = (spec) => {
  const path = stringOf(spec.path) ?? '';
  return pathStep(['replace', path], {
    refuses: /%(?![0-9A-Fa-f]{2})/.test(path) ? [500] : [],
    notes: 'x-replaced-path',
  });
};

export const replacePathRegex: Kind = (spec) => {
  const pattern = (stringOf(spec.regex) ?? '').trim();
  goRegex(pattern);
  const replacement = (stringOf(spec.replacement) ?? '').trim();
  return pathStep(['replace-regex', pattern, replacement], { refuses: [400, 500], notes: 'x-replaced-path' });
};

export const encodedCharacters: Kind = (spec) => denies(deniedCharacters(spec, false));

/** Refuses paths with one of the escapes: 400 without a body. */
export function denies(escapes: readonly string[]): Step {
  return (flow, _, next) => {
    if (escapes.length === 0) return next(flow);
    const value = { kind: 'regex' as const, pattern: `[^?]*(?:${escapes.join('|')})(?s:.*)` };
    const name = flow.steps.length === 0 ? ':path' : questionName({ ask: 'line', steps: flow.steps });
    return [
      answerRoute(withHeader(flow, { name, value }), {
        kind: 'direct-response',
        status: 400,
        why: 'the path has an encoded character that is not allowed',
      }),
      ...next(flow),
    ];
  };
}
