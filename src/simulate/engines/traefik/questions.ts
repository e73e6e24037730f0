// Pseudo headers of Traefik: what a middleware asks of a request that the ones before it have changed. Name: words for a person and JSON
// (dialects/traefik/engine.ts writes it).

import { keptLines, table } from '../../../model/index.js';
import type { RequestView } from '../../request-view.js';
import { questionIn } from '../question.js';
import { escapedPath, fromBytes } from './go-url.js';
import { hostRegexpName } from './hosts.js';
import { passwordUser } from './passwords.js';
import { routingPath } from './paths.js';
import { type PathStep, redirected, requestLine, type UrlRedirect, walk } from './steps.js';

/** `steps`: what happened before. */
type Question =
  /** The Host header as the client sent it. */
  | { readonly ask: 'host' }
  /** In lower case and without a port, as HostRegexp sees it: a dot at the end stays. */
  | { readonly ask: 'host-name' }
  /** Path as it is sent on, without the query. */
  | { readonly ask: 'path-only'; readonly steps: readonly PathStep[] }
  /** Path and query as they are sent on. */
  | { readonly ask: 'line'; readonly steps: readonly PathStep[] }
  /** Path as the rules of a child router see it. */
  | { readonly ask: 'path'; readonly steps: readonly PathStep[] }
  /** What the last step noted in X-Forwarded-Prefix or X-Replaced-Path. */
  | { readonly ask: 'noted'; readonly steps: readonly PathStep[] }
  /** Status of a refusal by the last step. */
  | { readonly ask: 'error'; readonly steps: readonly PathStep[] }
  | { readonly ask: 'error-body'; readonly steps: readonly PathStep[] }
  /** Where RedirectRegex sends the client. */
  | { readonly ask: 'redirect'; readonly steps: readonly PathStep[]; readonly redirect: UrlRedirect }
  /** The user whose password the client sent. `secret`: the name that the lines of htpasswd are kept under (model/kept.ts). */
  | { readonly ask: 'user'; readonly secret: string };

/** Of a pseudo header; undefined: there is none, or it is absent. */
export function pseudoHeader(view: RequestView, name: string): string | undefined {
  const question = questionIn<Question>(name);
  return question && answers.get(question.ask)!(view, question as never);
}

type Answers = {
  readonly [A in Question['ask']]: (view: RequestView, q: Extract<Question, { ask: A }>) => string | undefined;
};

const ANSWERS: Answers = {
  host: (view) => view.authority,
  'host-name': (view) => hostRegexpName(view.authority),
  'path-only': (view, { steps }) => fromBytes(escapedPath(walk(view, steps).url) || '/'),
  line: (view, { steps }) => fromBytes(requestLine(walk(view, steps))),
  path: (view, { steps }) => routingPath(walk(view, steps).url),
  noted: (view, { steps }) => {
    const { noted } = walk(view, steps);
    return noted === undefined ? undefined : fromBytes(noted);
  },
  error: (view, { steps }) => walk(view, steps).error?.status.toString(),
  'error-body': (view, { steps }) => walk(view, steps).error?.body,
  redirect: (view, { steps, redirect }) => redirected(view, walk(view, steps), redirect),
  user: (view, { secret }) => passwordUser(view.lines('authorization')[0], keptLines(secret)),
};
const answers = table<(view: RequestView, question: never) => string | undefined>(ANSWERS);
