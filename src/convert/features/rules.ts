// Which requests a rule takes: rules that are left out, take other requests, or are tried in another order.

import { asElements, leftOut } from '../route-changes.js';
import { type Effect, type Feature, UNSEEN } from './feature.js';

const LEFT_OUT: Effect = { route: () => leftOut };
/** The item itself says what stands in place of its routes. */
const INSTEAD: Effect = {};

const refusedRule = (title: string, documentation: string) =>
  ({ severity: 'refused', group: 'refused', title, documentation, leavesOut: true, effect: LEFT_OUT }) as const;

export const RULES = {
  route: refusedRule('Rule that an Ingress cannot express', 'a rule that tests or changes more than host and path'),
  'route.match': refusedRule('Match of a rule', 'a match that the target cannot express: the rule is left out'),
  'route.without-action': refusedRule(
    'Rule without an action',
    'a rule that the data plane of the source gives no action',
  ),
  'action.none': refusedRule('Rule without an action', 'a rule that the data plane of the source gives no action'),
  'match.headers': refusedRule('Header match', 'a condition on a header'),
  'match.headers.invert': refusedRule('Negated header match', 'a header that must be absent or differ'),
  'match.query': refusedRule('Query parameter match', 'a condition on a query parameter'),
  'match.path': refusedRule('Path match', 'a path pattern that is too long'),
  'match.claims': refusedRule('Match on token claims', 'a condition on a claim of a token'),
  'match.size': refusedRule('Number of conditions', 'more than 16 conditions on headers or parameters'),
  'match.source': refusedRule('Match on client addresses', 'a condition on the client address'),
  'redirect.path': refusedRule(
    'Path of a redirect',
    'a Location with a part of the path that the target cannot express',
  ),
  'redirect.code': refusedRule('Status of a redirect', 'a status that the target does not redirect with'),
  redirect: refusedRule('Redirect', 'a Location that the target cannot compute'),
  'rewrite.path': refusedRule('Path rewrite', 'a rewrite that the target cannot compute'),
  'direct-response': refusedRule(
    'Direct response',
    'a response of the gateway itself with a status below 400 (Gateway API)',
  ),
  'match.question': refusedRule(
    'Rule by what the source computes',
    'a condition on something that only the engine of the source knows: the path behind middlewares, a password',
  ),
  'rule.chance': {
    severity: 'approximate',
    group: 'differs',
    title: 'Rules without a defined order',
    documentation: 'rules of one priority in Traefik: the first of them decides in the target',
    decision: 'set priorities in the source, or see that the rule that comes first is the one that is meant',
    leavesOut: true,
    effect: LEFT_OUT,
  },
  'rewrite.path.unclean': {
    severity: 'approximate',
    group: 'differs',
    title: 'Paths that a rewrite makes unclean',
    documentation:
      'the source answers 400 where a rewrite leaves `//`, `/./` or `/../`; the target forwards the request',
    leavesOut: true,
    effect: LEFT_OUT,
  },
  'match.path.prefix': {
    severity: 'approximate',
    group: 'differs',
    title: 'String prefix',
    documentation: 'a prefix of the target ends at a path element',
    parts: ['RouteMatch.path'],
    effect: { route: () => asElements },
  },
  'path.prefix': {
    severity: 'approximate',
    group: 'differs',
    title: 'String prefix',
    documentation: 'Prefix of an Ingress ends at a slash',
    parts: ['RouteMatch.path'],
    effect: { route: () => asElements },
  },
  'match.path.case': {
    severity: 'approximate',
    group: 'differs',
    title: 'Case of a path',
    documentation: 'a PathPrefix is case-sensitive',
    parts: ['RouteMatch.path'],
    effect: INSTEAD,
  },
  'cors.preflight': {
    severity: 'approximate',
    group: 'differs',
    title: 'Preflight response',
    documentation: 'preflights are answered 200 by the CORS filter, other OPTIONS requests are forwarded',
    effect: INSTEAD,
  },
  'rule-order': {
    severity: 'refused',
    group: 'refused',
    title: 'Order of two rules',
    documentation: 'the target tries a later rule first, for requests that both match',
    effect: { explains: ({ here, isByRival }) => here && isByRival() },
  },
  'rule-order.patterns': {
    severity: 'approximate',
    group: 'carriage',
    title: 'Order by length of patterns',
    documentation: 'a rule keeps its place because Istio tries longer patterns first; other implementations may not',
    effect: UNSEEN,
  },
  'route.order': {
    severity: 'approximate',
    group: 'differs',
    title: 'Rule behind a broader one',
    documentation: 'an earlier rule matches its requests; in an Ingress it would take effect, so it is left out',
    leavesOut: true,
    effect: LEFT_OUT,
  },
} as const satisfies Record<string, Feature>;
