// The access phase of a location: address lists and authentication, and `satisfy` between them
// (http://nginx.org/en/docs/http/ngx_http_access_module.html, ngx_http_core_module.html#satisfy; order of deny and
// allow: rootfs/etc/nginx/template/nginx.tmpl of kubernetes/ingress-nginx controller-v1.15.1).

import type { Action, Condition, HeaderMatcher, Origin, SourceMatcher } from '../../../model/index.js';
import { plainTemplate } from '../../../model/index.js';
import type { Settings } from '../annotations/settings.js';
import { annotationTable } from '../annotations/table.js';
import { type AuthPlace, askOf } from './auth-url.js';
import { detailsOf } from './delivery.js';
import type { Step } from './steps.js';

/** `no-auth-locations` of the controller's ConfigMap, by default. */
const NO_AUTH = '/.well-known/acme-challenge';

/** `refusals` of snippets stand behind the lists of the annotations. */
interface Place extends AuthPlace {
  readonly refusals: readonly { readonly source: readonly SourceMatcher[]; readonly origin: Origin }[];
}

/** Puts what is refused before the steps of those who may pass. `refuse(status)`: the answer to the others. */
export function withAccess(
  settings: Settings,
  path: string,
  steps: readonly Step[],
  refuse: (status: number) => Action,
  place: Place,
): readonly Step[] {
  const denied = addresses(settings, 'denylist-source-range', settings.deny, false);
  const outside = addresses(settings, 'allowlist-source-range', settings.allow, true);
  const { basic, external } = path.startsWith(NO_AUTH) ? {} : settings.auth;
  const conditions = authConditions(settings, basic, external, place);
  const forbidden = [denied, outside].flatMap((source): Step[] =>
    source ? [{ source: [source], action: refuse(403), origin: source.origin! }] : [],
  );
  if (!settings.satisfyAny)
    for (const { source, origin } of place.refusals) forbidden.push({ source, action: refuse(403), origin });
  if (conditions.length === 0) return [...forbidden, ...steps];
  const withoutUser: Step[] =
    basic && !(external && settings.satisfyAny)
      ? [{ headers: [noAuthorization(settings)], ...unauthorized(settings, basic, refuse(401)) }]
      : [];
  const asked = steps.map((step): Step => ({ ...step, conditions: [...conditions, ...(step.conditions ?? [])] }));
  if (!settings.satisfyAny) return [...forbidden, ...withoutUser, ...asked];
  // Any: an address on the allow list needs no user; on no list it does not help.
  const inside = addresses(settings, 'allowlist-source-range', settings.allow, false);
  const notDenied = addresses(settings, 'denylist-source-range', settings.deny, true);
  const source = inside ? [inside, ...(notDenied ? [notDenied] : [])] : [];
  const known = inside ? steps.map((step): Step => ({ ...step, source: [...(step.source ?? []), ...source] })) : [];
  return [...known, ...withoutUser, ...asked];
}

function addresses(
  settings: Settings,
  annotation: string,
  cidrs: readonly string[],
  invert: boolean,
): SourceMatcher | undefined {
  if (cidrs.length === 0) return undefined;
  return { cidrs, address: 'peer', origin: settings.annotations.origin(annotation), ...(invert ? { invert } : {}) };
}

const noAuthorization = (settings: Settings): HeaderMatcher => ({
  name: 'authorization',
  value: { kind: 'any' },
  invert: true,
  missing: 'absent',
  origin: settings.annotations.origin('auth-type'),
});

function unauthorized(
  settings: Settings,
  basic: NonNullable<Settings['auth']['basic']>,
  action: Action,
): Omit<Step, 'headers'> {
  const scheme = basic.type === 'basic' ? 'Basic' : 'Digest';
  return {
    action,
    responseHeaders: { set: [['www-authenticate', `${scheme} realm="${plainTemplate(basic.realm)}"`]] },
    origin: settings.annotations.origin('auth-type'),
  };
}

/** What else says how auth-url is asked. */
const EXTERNAL = annotationTable
  .filter((spec) => spec.needs === 'auth-url' || spec.needs === 'auth-signin')
  .map((spec) => spec.name);

function authConditions(
  settings: Settings,
  basic: Settings['auth']['basic'],
  external: Settings['auth']['external'],
  place: Place,
): readonly Condition[] {
  const conditions: Condition[] = [];
  const { annotations } = settings;
  // `satisfy any` is between authentication and something else that lets in or keeps out.
  const others = [settings.allow, settings.deny, place.refusals, basic && external ? [basic] : []];
  const together = settings.satisfyAny && others.some((list) => list.length > 0) ? ['satisfy'] : [];
  if (external) {
    const otherwise = external.signin ? `else 302 to ${external.signin}` : 'else its 401 or 403';
    conditions.push({
      kind: 'external-auth',
      summary: `auth-url ${external.url} must answer 2xx, ${otherwise}`,
      status: external.signin ? 302 : 401,
      ...askOf(settings, external.url, place),
      origin: annotations.origin('auth-url'),
      details: detailsOf(settings, [...EXTERNAL, ...together]),
    });
  }
  if (basic) {
    conditions.push({
      kind: 'basic-auth',
      summary: `the user and password must be in Secret ${annotations.text('auth-secret').value ?? ''}, else 401`,
      status: 401,
      origin: annotations.origin('auth-secret'),
      details: detailsOf(settings, ['auth-type', 'auth-secret-type', 'auth-realm', ...together]),
    });
  }
  return conditions;
}
