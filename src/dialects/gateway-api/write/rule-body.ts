// What a rule does, as filters, backendRefs and timeouts, for the match that it will stand behind.

import { noteAuth } from '../../../implementations/istio/write/auth-rules.js';
import { isNginxDefault, retryOn } from '../../../implementations/istio/write/retry-conditions.js';
import {
  type Delivery,
  type Forward,
  literalText,
  type Origin,
  type PathRewrite,
  type Route,
} from '../../../model/index.js';
import { durationText } from '../../../resources/fields.js';
import { isHandshake, noteHandshake } from '../../client-certificates.js';
import { noteRateLimit } from '../../client-rate-limits.js';
import { computedHost, noteRewrite, noteSettings, noteUnsaidSettings, pathOfRewrite } from '../../engine-losses.js';
import { type AddItem, aboutRoute, itemList } from '../../item-list.js';
import { noteLeftCheck } from '../../without-check.js';
import { type BackendWriter, backendRefs, mirrorFilter } from './backend-refs.js';
import { corsFilter } from './cors-filter.js';
import { isDefaultRetries } from './default-retries.js';
import { type Filter, filters, headerFilter } from './header-filters.js';
import { isHostname } from './names.js';
import type { OwnWriter } from './own-writer.js';
import { type PathModifier, pathModifier } from './path-filter.js';
import type { PathMatch } from './path-match.js';
import { redirectBody } from './redirect-body.js';
import type { RuleBody, RuleWriter } from './rule-writer.js';

/** Does the action replace the prefix that was matched? */
export function replacesPrefix({ action }: Route): boolean {
  const path = action.kind === 'forward' ? action.rewrite?.path : action.kind === 'redirect' ? action.path : undefined;
  return path?.kind === 'prefix' || (path?.kind === 'regex' && path.substitution === '/\\2');
}

/** The route answers 404 by itself: what happens anyway where no rule matches. */

/** Nothing where the action cannot be expressed. */
export function ruleBody(route: Route, match: PathMatch, writer: RuleWriter): RuleBody | undefined {
  const body = actionBody(route, match, writer);
  const { own, checks, report } = writer;
  const policies = body && own?.policies(route, checks?.get(route.match) ?? [], report);
  return policies ? { ...body, own: policies } : body;
}

function actionBody(route: Route, match: PathMatch, writer: RuleWriter): RuleBody | undefined {
  const { report } = writer;
  const { action, origin } = route;
  refuseExtras(route, writer);
  const changes = [
    ...(route.cors ? [corsFilter(route.cors, origin, report)] : []),
    ...headerFilter('responseHeaderModifier', route.responseHeaders, origin, report),
  ];
  switch (action.kind) {
    case 'none':
      report.add('action.none', `a rule without an action: ${action.reason}`, origin);
      return undefined;
    case 'direct-response': {
      const isBare = action.status === 500 && !action.body && !route.responseHeaders;
      const answer = isBare ? undefined : writer.own?.answer(action, route.responseHeaders);
      if (answer) return filters([answer]);
      if (action.status !== 500) {
        noteStatus(action.status, origin, report);
        if (action.status < 400) return undefined;
      }
      if (action.body) report.add('direct-response.body', 'the body of the answer is empty', origin);
      return filters(changes);
    }
    case 'redirect':
      return redirectBody(action, route, match, changes, writer);
    case 'forward':
      return forwardBody(action, route, match, changes, writer);
  }
}

/** A rule without backends is the only answer that a gateway gives by itself: 500 (Gateway API spec, HTTPRouteRule.backendRefs). */
function noteStatus(status: number, origin: Origin, report: BackendWriter['report']): void {
  const left = status < 400 ? '; the rule is left out, and its requests go to the next one' : '';
  const message = `the gateway itself can only answer 500, not ${status}${left}`;
  report.add(status >= 400 ? 'direct-response.status' : 'direct-response', message, origin);
}

/** Also of answers that no rule is written for. */
export function noteConditions(
  { conditions = [] }: Route,
  {
    report,
    extended,
    allowEnvoyFilter,
    namesAuthority,
    own,
  }: Pick<RuleWriter, 'report' | 'extended' | 'allowEnvoyFilter' | 'namesAuthority' | 'own'>,
): void {
  for (const c of conditions) {
    if (own?.takes(c, report)) continue;
    if (c.rate && allowEnvoyFilter) noteRateLimit(c, report);
    else if (c.ask && extended) noteAuth(c, report);
    else if (extended && isHandshake(c)) noteHandshake(c, namesAuthority, report);
    else noteLeftCheck(c, report.add, extended && c.rate && 'not translated without --allow-envoyfilter');
  }
}

function refuseExtras(route: Route, writer: RuleWriter): void {
  const { report } = writer;
  const { origin } = route;
  if (route.fault) report.add('fault', 'delays and aborts are not injected', route.fault.origin ?? origin);
  noteConditions(route, writer);
  if (route.maxRequestBytes !== undefined) {
    const message = `request bodies over ${route.maxRequestBytes} bytes get 413 from the source, and are forwarded by the target`;
    report.add('max-request-bytes', message, route.bodyLimitOrigin ?? origin);
  }
}

function forwardBody(
  forward: Forward,
  route: Route,
  match: PathMatch,
  changes: readonly Filter[],
  writer: RuleWriter,
): RuleBody | undefined {
  const { report } = writer;
  const origin = forward.rewrite?.origin ?? route.origin;
  const wanted = pathOfRewrite(forward.rewrite);
  const path = wanted && rewritten(wanted, match, origin, { own: writer.own, add: aboutRoute(report.add, route) });
  if (wanted && !path) return undefined;
  const host = forward.rewrite?.host === undefined ? undefined : literalText(forward.rewrite.host);
  const hostFrom =
    forward.rewrite?.host !== undefined && host === undefined && writer.own?.hostFrom(forward.rewrite.host);
  if (forward.rewrite?.host !== undefined && host === undefined && !hostFrom) {
    report.add('rewrite.host', computedHost(forward.rewrite.host), origin);
  }
  // A host that is no name of its own (with a port, in capitals) can be set as a header.
  const isName = host !== undefined && isHostname(host);
  const isHeader = host !== undefined && !isName && !writer.own;
  if (host !== undefined && !isName && !isHeader)
    report.add('rewrite.host', `the host ${host} is no name of a host`, origin);
  if (isName && writer.own && writer.engine !== 'envoy-gateway')
    report.add(
      'rewrite.forwarded-host',
      'the destination gets the host from before the rewrite in x-forwarded-host, behind what the client sent',
      origin,
    );
  const rewrite = { ...(isName && { hostname: host }), ...(path && 'type' in path && { path }) };
  const list: Filter[] = [
    ...headerFilter('requestHeaderModifier', route.requestHeaders, route.origin, report, isHeader ? host : undefined),
    ...changes,
    ...(Object.keys(rewrite).length > 0 ? [{ type: 'URLRewrite', urlRewrite: rewrite }] : []),
    ...(path && 'filter' in path ? [path.filter] : []),
    ...(hostFrom ? [hostFrom] : []),
    ...(forward.mirrors ?? []).map((m) => mirrorFilter(m, route.origin, writer)),
  ];
  noteRewrite(route, writer.report);
  return {
    ...filters(list),
    backendRefs: backendRefs(forward.destinations, route.origin, writer),
    ...deliveryFields(forward.delivery, writer),
  };
}

/** As the standard has it, or where that is not the same, by a filter of the implementation's own. */
function rewritten(
  path: PathRewrite,
  match: PathMatch,
  origin: Origin,
  { own, add }: { readonly own: OwnWriter | undefined; readonly add: AddItem },
): PathModifier | { readonly filter: Filter } | undefined {
  if (!own) return pathModifier(path, match, 'rewrite', origin, add);
  const tried = itemList();
  const modifier = pathModifier(path, match, 'rewrite', origin, tried.add);
  if (modifier && tried.items.length === 0) return modifier;
  const filter = own.rewrite(path);
  return filter ? { filter } : pathModifier(path, match, 'rewrite', origin, add);
}

function deliveryFields(
  delivery: Delivery | undefined,
  { report, allowExperimental: experimental, extended, own }: RuleWriter,
): RuleBody {
  // Retries are in a policy there.
  const allowExperimental = experimental && !own;
  if (delivery === undefined) return {};
  const { timeoutMs, retries: written } = delivery;
  if (extended || own) noteSettings(delivery, report);
  else noteUnsaidSettings(delivery, report);
  const retries = isDefaultRetries(written) || (written && isNginxDefault(written)) ? undefined : written;
  const perTry = retries?.perTryTimeoutMs;
  const timeouts = {
    ...(timeoutMs !== undefined && { request: durationText(timeoutMs) }),
    ...(perTry !== undefined && allowExperimental && { backendRequest: durationText(perTry) }),
  };
  const codes = retryOn(retries?.on ?? '')
    .split(',')
    .filter((c) => /^[0-9]{3}$/.test(c))
    .map(Number);
  const retry = retries && {
    attempts: retries.attempts,
    ...(retries.backoffMs !== undefined && { backoff: durationText(retries.backoffMs) }),
    ...(codes.length > 0 && { codes }),
  };
  return {
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
    ...(retry && allowExperimental && { retry }),
  };
}
