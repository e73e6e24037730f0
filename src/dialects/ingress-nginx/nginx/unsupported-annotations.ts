// Annotations with an effect that the model cannot say, as `unsupported` items. What ends up as a named condition of a
// route (authentication, limits, errors of the destination) is not among them.

import { formatResource, type Reach, table, type Unsupported } from '../../../model/index.js';
import { isRestricting } from '../annotations/restricting.js';
import { type Settings, SNIPPETS, type SnippetName } from '../annotations/settings.js';
import { type AnnotationSpec, annotationTable } from '../annotations/table.js';
import type { NginxIngress } from '../controller/ingresses.js';
import { ADD_HEADER_STATUSES } from '../snippets/snippet.js';
import { domainsOf } from './virtual-hosts.js';

const AS_CONDITION =
  /^(ssl-passthrough$|auth-|limit-|custom-http-errors$|disable-proxy-intercept-errors$|affinity-canary-behavior$)/;

const EFFECT = table<Unsupported['effect']>({
  'ssl-passthrough': 'routing',
  'enable-modsecurity': 'security',
  'enable-owasp-core-rules': 'security',
  'enable-global-auth': 'security',
});

/** Settings of a server, not of its locations. */
const OF_THE_HOST = new Set(['ssl-passthrough', 'server-snippet']);

export function unsupportedAnnotations(ingress: NginxIngress): readonly Unsupported[] {
  const { settings } = ingress;
  const { annotations } = settings;
  const snippets = SNIPPETS.flatMap((name) => snippetItems(name, ingress));
  const others = annotationTable.flatMap((spec): Unsupported[] => {
    if (isSnippet(spec.name)) return [];
    if (spec.aliasOf || !matters(spec, settings)) return [];
    return [
      {
        feature: `annotation.${spec.name}`,
        detail: spec.verdict === 'unsafe-snippet' ? `${spec.summary} Its effect is not modelled.` : spec.summary,
        effect: EFFECT.get(spec.name) ?? (spec.verdict === 'unsafe-snippet' ? 'security' : 'change'),
        ...(spec.name === 'stream-snippet' || annotations.origin(spec.name).resource !== ingress.view.resource
          ? {}
          : { reach: reachOf(spec, ingress) }),
        origin: annotations.origin(spec.name),
      },
    ];
  });
  return [...snippets, ...others];
}

const isSnippet = (name: string): boolean => SNIPPETS.some((known) => known === name);

/** What a snippet holds and nobody understands; else what is to be said of the rest, which changes no answer that is predicted here. */
function snippetItems(name: SnippetName, ingress: NginxIngress): readonly Unsupported[] {
  const { settings, view } = ingress;
  const snippet = settings.snippets[name];
  if (!snippet) return [];
  const origin = settings.annotations.origin(name);
  const feature = `annotation.${name}`;
  const unknown = [
    ...snippet.unknown,
    ...(snippet.access.length > 0 && settings.satisfyAny ? ['allow and deny beside satisfy any'] : []),
  ];
  if (unknown.length > 0) {
    const detail = `not modelled: ${unknown.slice(0, 3).join('; ')}${unknown.length > 3 ? ` and ${unknown.length - 3} more` : ''}`;
    const reach = origin.resource === view.resource ? { reach: reachOf({ name }, ingress) } : {};
    // The answers of auth-url decide, whatever else the question to it has.
    const restricts = name !== 'auth-snippet' && isRestricting(settings.annotations.text(name).value ?? '');
    return [{ feature, detail, effect: 'security', ...(restricts ? { guards: true } : {}), ...reach, origin }];
  }
  const sometimes = snippet.addHeaders.filter(({ always }) => !always).map((line) => line.name);
  const told = [
    ...snippet.needless,
    ...(sometimes.length > 0 && name !== 'auth-snippet'
      ? [
          `add_header ${sometimes.join(', ')} without always: nginx adds it to answers with status ${ADD_HEADER_STATUSES.join(', ')} only, whatever the destination answers it is written`,
        ]
      : []),
  ];
  return told.length > 0 ? [{ feature, detail: told.join('; '), effect: 'delivery', origin }] : [];
}

/** Locations are those of the Ingress; a server is that of its hosts and their aliases, also for what other Ingresses put there. */
function reachOf({ name }: Pick<AnnotationSpec, 'name'>, { view, settings }: NginxIngress): Reach {
  if (!OF_THE_HOST.has(name)) return { objects: [formatResource(view.resource)] };
  const aliases = (settings.annotations.text('server-alias').value ?? '').split(',').map((alias) => alias.trim());
  const rules = view.rules.map(({ host = '' }) => host);
  const hosts = [
    ...(rules.length > 0 ? rules : ['']).flatMap((host) => domainsOf(host === '' ? '_' : host, false)),
    ...aliases.filter((alias) => alias !== '').flatMap((alias) => domainsOf(alias, true)),
  ];
  return { hosts };
}

function matters(spec: AnnotationSpec, { annotations }: Settings): boolean {
  if (spec.verdict !== 'unsafe-snippet' && (spec.verdict !== 'not-expressible' || AS_CONDITION.test(spec.name)))
    return false;
  const value = annotations.text(spec.name).value;
  if (value === undefined) return false;
  if (spec.needs && annotations.text(spec.needs).value === undefined) return false;
  // `proxy_redirect default` rewrites URLs of the upstream `upstream_balancer` alone, which no destination knows; without a target
  // there is no directive at all (nginx.tmpl, ProxyRedirectFrom).
  if (spec.name === 'proxy-redirect-from')
    return !/^(default|off)$/.test(value) && (annotations.text('proxy-redirect-to').value ?? 'off') !== 'off';
  // Switched off is as good as absent; `off` likewise.
  if (spec.type === 'bool') return annotations.bool(spec.name).value === true;
  return value !== spec.default;
}
