// What a route does, as the fields of a VirtualService's HTTPRoute.

import { isNginxDefault, retryOn } from '../../../implementations/istio/write/retry-conditions.js';
import {
  type Destination,
  type Forward,
  ISTIO_RETRY_ON,
  type Route,
  templateWords,
  type WeightedDestination,
} from '../../../model/index.js';
import { durationText } from '../../../resources/fields.js';
import { hostOfRewrite, noteRewrite, noteSettings, pathOfRewrite } from '../../engine-losses.js';
import type { RuleOptions } from './drafts.js';
import { writePathRewrite } from './path-rewrite.js';
import { writeRedirect } from './redirect.js';
import type { Report } from './report.js';
import { headers } from './rule-fields.js';

type Fields = Record<string, unknown>;

/** What a rule of the model becomes; several where one match of the model needs different fields per spelling. */
export function writeAction(route: Route, report: Report, options: RuleOptions): Fields | undefined {
  const { action } = route;
  switch (action.kind) {
    case 'forward':
      return writeForward(action, route, report, options);
    case 'redirect':
      return writeRedirect(action, route, report);
    case 'direct-response':
      if (action.defaultBackend) return { directResponse: { status: action.status } };
      return { directResponse: { status: action.status, ...(action.body ? { body: { string: action.body } } : {}) } };
    case 'none':
      report.add(
        'route.without-action',
        `the data plane gives this rule no action (${action.reason}); it is left out`,
        route.origin,
        { route },
      );
      return undefined;
  }
}

/** `{host, subset, port: {number}}`, as the API writes it. `subset`: another than its own. */
export const writeDestination = (d: Destination, subset = d.subset): Fields => ({
  host: d.host,
  ...(subset ? { subset } : {}),
  // Of a Service with one port none is needed. A port that is named and that the Service does not have has no number; the API takes none below 1.
  ...(d.only ? {} : { port: { number: d.port || 65_535 } }),
});

function writeForward(forward: Forward, route: Route, report: Report, { subsetOf }: RuleOptions): Fields {
  const real = forward.destinations.filter((d): d is WeightedDestination & { to: Destination } => 'host' in d.to);
  const answers = forward.destinations.filter(
    (d) => !('host' in d.to) && (d.weight > 0 || forward.destinations.length === 1),
  );
  if (real.length === 0) return { directResponse: { status: statusOf(answers) } };
  // One after the other: what they report stands in this order.
  const rewrite = rewriteFields(forward, route, report);
  const fault = answers.length > 0 ? injectedAnswers(forward, answers, route, report) : {};
  const mirrors = mirrorFields(forward, route, subsetOf, report);
  noteSettings(forward.delivery, report);
  noteRewrite(route, report);
  return {
    ...rewrite,
    route: destinationFields(real, (to) => subsetOf(to, forward.delivery)),
    ...fault,
    ...mirrors,
    ...deliveryFields(forward.delivery),
  };
}

function rewriteFields({ rewrite = {} }: Forward, route: Route, report: Report): Fields {
  const path = pathOfRewrite(rewrite);
  const host = hostOfRewrite(rewrite, route, report);
  const fields = {
    ...(path ? writePathRewrite(path, route) : {}),
    ...(host === undefined ? {} : { authority: host }),
  };
  return Object.keys(fields).length > 0 ? { rewrite: fields } : {};
}

function destinationFields(
  real: readonly (WeightedDestination & { to: Destination })[],
  subsetOf: (to: Destination) => string | undefined,
): Fields[] {
  const weights = real.length > 1 ? wholeWeights(real.map((d) => d.weight)) : [];
  return real.map((d, i) => ({
    destination: writeDestination(d.to, d.to.subset ?? subsetOf(d.to)),
    ...(real.length > 1 ? { weight: weights[i] } : {}),
    ...headers(d.requestHeaders, d.responseHeaders, d.hostRewrite),
  }));
}

/** What invalid references answer. */
const statusOf = ([first]: readonly WeightedDestination[]): number =>
  first && 'status' in first.to ? first.to.status : 500;

/** An invalid reference answers its share of the requests by itself: an injected abort with that percentage is the same distribution. */
function injectedAnswers(
  { destinations }: Forward,
  answers: readonly WeightedDestination[],
  route: Route,
  report: Report,
): Fields {
  const sum = (list: readonly WeightedDestination[]) => list.reduce((total, d) => total + d.weight, 0);
  const total = sum(destinations);
  if (total <= 0) return {};
  if (route.fault?.abort) {
    report.add(
      'route.weighted-answer',
      'the share of requests that an invalid reference answers is lost beside the fault of the rule',
      route.origin,
    );
    return {};
  }
  report.add(
    'route.injected-answer',
    'the share of requests that an invalid reference answers is an injected fault: the status is the same, access logs say FI',
    route.origin,
  );
  const percentage = { value: round((100 * sum(answers)) / total) };
  return { fault: { abort: { httpStatus: statusOf(answers), percentage } } };
}

function mirrorFields(
  { mirrors = [] }: Forward,
  route: Route,
  subsetOf: RuleOptions['subsetOf'],
  report: Report,
): Fields {
  for (const m of mirrors)
    if (m.host !== undefined || (m.path !== undefined && !isWholePath(m.path)))
      report.add(
        'mirror.request',
        `the mirrored request keeps the path and host of the request instead of ${m.path ?? 'its path'} of ${templateWords(m.host ?? 'its host')}`,
        m.origin ?? route.origin,
      );
  if (mirrors.length === 0) return {};
  return {
    mirrors: mirrors.map((m) => ({
      destination: writeDestination(m.destination, m.destination.subset ?? subsetOf(m.destination, undefined)),
      ...(m.percent < 100 ? { percentage: { value: m.percent } } : {}),
    })),
  };
}

/** The path of the request with its query, as nginx's `$request_uri`. */
const isWholePath = (template: string): boolean => /^\/?%(VARIABLE\(request_uri\)|REQ\(:path\))%$/i.test(template);

function deliveryFields(delivery: Forward['delivery']): Fields {
  const { timeoutMs, retries } = delivery ?? {};
  return {
    ...(timeoutMs ? { timeout: durationText(timeoutMs) } : {}),
    ...(retries && !isMeshDefault(retries) && !isNginxDefault(retries) ? { retries: retryFields(retries) } : {}),
  };
}

type Retries = NonNullable<NonNullable<Forward['delivery']>['retries']>;

function retryFields({ attempts, perTryTimeoutMs, on, backoffMs }: Retries): Fields {
  if (attempts <= 0) return { attempts };
  return {
    attempts,
    ...(perTryTimeoutMs ? { perTryTimeout: durationText(perTryTimeoutMs) } : {}),
    ...(on ? { retryOn: retryOn(on) } : {}),
    ...(backoffMs ? { backoff: durationText(backoffMs) } : {}),
  };
}

/** What Istio does by default (mesh default retry policy, pilot/pkg/networking/core/route/retry, Istio 2026-08). */
const isMeshDefault = (r: Retries): boolean =>
  r.attempts === 2 && r.perTryTimeoutMs === undefined && (r.on ?? ISTIO_RETRY_ON) === ISTIO_RETRY_ON;

/** Weights as whole numbers that keep the ratio; Istio needs no sum of 100. */
const wholeWeights = (weights: readonly number[]): number[] =>
  weights.every((w) => Number.isInteger(w)) ? [...weights] : weights.map((w) => Math.round(w * 100));
const round = (n: number) => Math.round(n * 10_000) / 10_000;
