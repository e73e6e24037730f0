// Middlewares that change the path: pkg/middlewares/{addprefix,stripprefix,stripprefixregex,replacepath,replacepathregex}, and
// encodedcharacters, which refuses some.

import { type Action, plainTemplate, type Route, table } from '../../../model/index.js';
import { booleanOf, stringOf, stringsOf } from '../../../resources/fields.js';
import { answerTemplate, type PathStep, questionName } from '../engine.js';
import { Disabled } from '../names.js';
import { intersected } from '../path-match.js';
import { goRegex } from '../rules/go-regex.js';
import { deniedCharacters } from '../static.js';
import { answerRoute, type Flow, type HeaderChange, withHeader } from './flow.js';
import type { Kind, Step } from './middleware.js';
import { type Branch, branchesOf } from './path-now.js';

export const NOSNIFF = { op: 'set', name: 'x-content-type-options', value: 'nosniff' } as const;

/** A step that may refuse the path, and that notes something in a header. */
const pathStep =
  (step: PathStep, { refuses, notes }: { readonly refuses: readonly number[]; readonly notes?: string }): Step =>
  (flow, _, next) => {
    const steps = [...flow.steps, step];
    // The entry point took away what the client claims.
    const first = notes === 'x-forwarded-prefix' && !flow.request.some((c) => c.name === notes);
    const op = first ? ('set' as const) : ('add' as const);
    const asked = notes && { op, name: notes, value: answerTemplate({ ask: 'noted', steps }) };
    const branches = branchesOf(flow, step);
    if (!branches)
      return [
        ...refuses.map((status) => refusal(flow, steps, status)),
        ...next({ ...flow, steps, now: 'asked', request: asked ? [...flow.request, asked] : flow.request }),
      ];
    return branches.flatMap((branch): readonly Route[] => {
      const of = narrowed(flow, branch);
      if (branch.refused) return [answerRoute(of, NOT_CLEAN, [NOSNIFF])];
      const { now } = branch;
      // A pattern may make anything of a path, and an escaped one is walked step by step.
      const unsure = now === 'asked' || (typeof now === 'object' && now.kind === 'regex');
      const note = noteOf(of, step, branch, asked || undefined);
      return [
        ...(unsure ? refuses.map((status) => refusal(of, steps, status)) : []),
        ...next({ ...of, steps, now, request: note ? [...flow.request, note] : flow.request }),
      ];
    });
  };

/** The requests of the flow that the branch is about. */
function narrowed({ path: _, ...flow }: Flow, { path, escaped }: Branch): Flow {
  return { ...flow, ...(path ? { path } : {}), ...(escaped ? { escaped } : {}) };
}

/** What a middleware notes of the path: the prefix that it took away, or the path from before, which a rule for one path shows. */
function noteOf(
  { path, now: before }: Flow,
  [kind]: PathStep,
  { noted, now }: Branch,
  asked: HeaderChange | undefined,
): HeaderChange | undefined {
  if (!asked) return undefined;
  if (noted !== undefined) return { ...asked, value: plainTemplate(noted) };
  if (kind !== 'replace')
    return now === 'asked' || (typeof now === 'object' && now.kind === 'regex') ? asked : undefined;
  const known = before === 'same' && path?.kind === 'exact' && /^[A-Za-z0-9\-._~/]+$/.test(path.value);
  return known ? { ...asked, value: path.value } : asked;
}

const NOT_CLEAN: Action = {
  kind: 'direct-response',
  status: 400,
  body: 'Bad Request\n',
  why: 'the path that is left is not clean',
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
    return [
      answerRoute(withEscape(flow, escapes), {
        kind: 'direct-response',
        status: 400,
        why: 'the path has an encoded character that is not allowed',
      }),
      ...next(flow),
    ];
  };
}

/** Rules see reserved characters as they were sent, and others decoded (routingPath of the engine). */
function withEscape(flow: Flow, escapes: readonly string[]): Flow {
  if (flow.steps.length > 0)
    return withHeader(flow, {
      name: questionName({ ask: 'line', steps: flow.steps }),
      value: { kind: 'regex', pattern: `[^?]*(?:${escapes.join('|')})(?s:.*)` },
    });
  const shown = escapes.flatMap((code) => [`(?i:${code})`, ...(DECODED.get(code) ?? [])]);
  const value = { kind: 'regex' as const, pattern: `(?s:.*)(?:${shown.join('|')})(?s:.*)` };
  const both = intersected(flow.path, value, false);
  if (both === undefined || both === 'none') return withHeader(flow, { name: ':pathname', value });
  return { ...flow, path: both };
}

const DECODED = table<string[]>({ '%5C': ['\\\\'], '%00': ['\\x00'] });
