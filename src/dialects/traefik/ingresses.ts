// Ingresses as routers: loadConfigurationFromIngresses in pkg/provider/kubernetes/ingress/kubernetes.go.

import { append, type GatewayRequest, originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import {
  type IngressBackend,
  type IngressPath,
  type IngressRule,
  type IngressView,
  ingressKinds,
  upgradeIngress,
} from '../../resources/ingress.js';
import { ingressClass } from '../../resources/ingress-class.js';
import type { ReadOptions } from '../dialect.js';
import { ingressOwner } from '../ingress-owner.js';
import { type RouterSettings, routerSettings, serviceSettings } from './annotations.js';
import { Disabled, Dropped, normalized } from './names.js';
import type { Router } from './router.js';
import { witnessOfRule } from './rules/witness.js';
import { transportIds } from './services/crd.js';
import { destination, findServicePort, hasEndpoints, usualScheme } from './services/kubernetes.js';
import type { Target } from './services/target.js';
import type { IngressProvider, StaticConfig } from './static.js';
import { ingressSurprises } from './surprises.js';
import type { Verdicts } from './verdicts.js';

const MIN_INT32 = -(2 ** 31);

interface Context {
  readonly catalog: Catalog;
  readonly config: StaticConfig;
  readonly provider: IngressProvider;
  readonly verdicts: Verdicts;
}

export function ingressRouters(
  catalog: Catalog,
  options: ReadOptions,
  config: StaticConfig,
  provider: IngressProvider,
  verdicts: Verdicts,
): readonly Router[] {
  const context = { catalog, config, provider, verdicts };
  const routers = new Map<string, Router>();
  const defaults: Router[] = [];
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    if (!isTaken(view, catalog, options, provider)) continue;
    let settings: RouterSettings;
    try {
      settings = routerSettings(resource);
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      verdicts.dropped(
        originOf(resource, 'metadata', 'annotations'),
        `the whole Ingress is left out: ${error.message}`,
      );
      continue;
    }
    const refusal = crossProviderRefusal(settings, resource.namespace, provider);
    if (refusal) {
      verdicts.dropped(originOf(resource), `the whole Ingress is left out: ${refusal}`);
      continue;
    }
    if (view.rules.length === 0 && view.defaultBackend)
      append(defaults, defaultRouter(view, view.defaultBackend, settings, context));
    ingressSurprises(view, settings, context);
    for (const router of ruleRouters(view, settings, context)) {
      const replaced = routers.get(router.key);
      if (replaced) verdicts.replaced(replaced, router);
      routers.set(router.key, router);
    }
  }
  return [...routers.values(), ...defaults];
}

/** A class that is another controller's is none of Traefik's, whatever `ingressClass` says; without a class it is Traefik's, too. */
function isTaken(view: IngressView, catalog: Catalog, options: ReadOptions, provider: IngressProvider): boolean {
  const owner = ingressOwner(view, catalog, options);
  if (options.classSemantics !== undefined) return owner.dialect === 'traefik';
  const ref = ingressClass(view, catalog);
  // Nobody takes an Ingress without a class among the dialects; Traefik does.
  if (owner.dialect !== 'traefik') return false;
  if (provider.ingressClass === '') return true;
  return ref.name === provider.ingressClass;
}

function crossProviderRefusal(
  { middlewares, tls }: RouterSettings,
  namespace: string,
  { crossProviderNamespaces }: IngressProvider,
): string | undefined {
  if (!crossProviderNamespaces || crossProviderNamespaces.includes(namespace)) return undefined;
  if (middlewares.length > 0 || tls?.options) return `${namespace} is not in crossProviderNamespaces`;
  return undefined;
}

type Shared = Pick<Router, 'entryPoints' | 'middlewares' | 'tls'>;

const shared = ({ entryPoints, middlewares, tls }: RouterSettings): Shared => ({
  entryPoints,
  middlewares: middlewares.map((name) => (name.includes('@') ? name : `${name}@kubernetes`)),
  ...(tls
    ? {
        tls:
          tls.options === undefined
            ? {}
            : { options: tls.options.includes('@') ? tls.options : `${tls.options}@kubernetes` },
      }
    : {}),
});

/** One for the cluster; of several, chance decides. */
function defaultRouter(
  view: IngressView,
  backend: IngressBackend,
  settings: RouterSettings,
  context: Context,
): readonly Router[] {
  const origin = backend.origin;
  try {
    const target = backendTarget(view, backend, context);
    return [
      {
        key: `default-router|${view.resource.namespace}/${view.resource.name}@kubernetes`,
        provider: 'kubernetes',
        rule: 'PathPrefix("/")',
        syntax: 'default',
        priority: MIN_INT32,
        ...shared(settings),
        target,
        origin,
        matchOrigin: origin,
      },
    ];
  } catch (error) {
    if (!(error instanceof Dropped)) throw error;
    context.verdicts.dropped(origin, error.message);
    return [];
  }
}

/** Routers of one object with one name get a hash of their rule each. */
function ruleRouters(view: IngressView, settings: RouterSettings, context: Context): readonly Router[] {
  return view.rules.flatMap((rule) =>
    rule.paths.flatMap((entry): Router[] => {
      try {
        return [pathRouter(view, rule, entry, settings, context)];
      } catch (error) {
        if (!(error instanceof Dropped)) throw error;
        context.verdicts.dropped(entry.origin, error.message, witnessOf(rule, entry, settings, context));
        return [];
      }
    }),
  );
}

function pathRouter(
  view: IngressView,
  rule: IngressRule,
  entry: IngressPath,
  settings: RouterSettings,
  context: Context,
): Router {
  const { resource } = view;
  if (entry.backend?.resource) throw new Dropped('the backend is no Service, and Traefik supports no other');
  if (!entry.backend) throw new Dropped('the backend names no Service');
  const target = backendTarget(view, entry.backend, context);
  const text = ruleText(rule, entry, settings, context);
  const name = normalized(`${resource.namespace}-${resource.name}-${rule.host ?? ''}${entry.path ?? ''}`);
  return {
    key: `${name}|${text}@kubernetes`,
    provider: 'kubernetes',
    rule: text,
    syntax: settings.ruleSyntax ?? '',
    priority: settings.priority ?? 0,
    ...shared(settings),
    target,
    origin: entry.origin,
    matchOrigin: entry.pathOrigin,
  };
}

function witnessOf(
  rule: IngressRule,
  entry: IngressPath,
  settings: RouterSettings,
  context: Context,
): GatewayRequest | undefined {
  const { entryPoints, defaultRuleSyntax } = context.config;
  const [name] = settings.entryPoints;
  const entryPoint = entryPoints.find((e) => (name === undefined ? e.asDefault : e.name === name));
  if (!entryPoint) return undefined;
  try {
    const tls = settings.tls !== undefined || entryPoint.tls !== undefined;
    const text = ruleText(rule, entry, settings, context);
    return witnessOfRule(text, settings.ruleSyntax ?? defaultRuleSyntax, { port: entryPoint.port, tls });
  } catch (error) {
    if (error instanceof Dropped) return undefined;
    throw error;
  }
}

/** The text whose length is the priority. */
function ruleText(
  { host }: IngressRule,
  { path, pathType }: IngressPath,
  settings: RouterSettings,
  { config, provider }: Context,
): string {
  const isV2 = settings.ruleSyntax === 'v2' || (settings.ruleSyntax === undefined && config.defaultRuleSyntax === 'v2');
  const parts: string[] = [];
  if (host) parts.push(isV2 ? hostRuleV2(host) : `Host(${quoted(host)})`);
  if (path) {
    const matcher =
      pathType === 'ImplementationSpecific'
        ? (settings.pathMatcher ?? 'PathPrefix')
        : pathType === 'Exact'
          ? 'Path'
          : 'PathPrefix';
    if (!['Path', 'PathPrefix', 'PathRegexp'].includes(matcher))
      throw new Dropped(`router.pathmatcher ${matcher} is none of Path, PathPrefix and PathRegexp`);
    parts.push(
      provider.strictPrefixMatching && matcher === 'PathPrefix' ? strictRule(path) : `${matcher}(${quoted(path)})`,
    );
  }
  return parts.join(' && ');
}

const hostRuleV2 = (host: string): string =>
  host.startsWith('*.')
    ? `HostRegexp(${quoted(host.replace('*.', '{subdomain:[a-zA-Z0-9-]+}.'))})`
    : `Host(${quoted(host)})`;

function strictRule(path: string): string {
  if (path === '/') return 'PathPrefix("/")';
  const bare = path.replace(/\/$/, '');
  return `(Path(${quoted(bare)}) || PathPrefix(${quoted(`${bare}/`)}))`;
}

/** Go's %q. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`;

/** What requests can be sent with; with another name each is answered 500. */
const SCHEMES = new Set(['http', 'https', 'h2c']);

/** loadService. @throws Dropped */
function backendTarget(view: IngressView, backend: IngressBackend, { catalog, provider }: Context): () => Target {
  const { namespace } = view.resource;
  const { service, origin } = backend;
  if (backend.resource) throw new Dropped('the backend is no Service, and Traefik supports no other');
  if (!service) throw new Dropped('the backend names no Service');
  const found = findServicePort(catalog, namespace, service.name, service.port, {
    externalName: provider.allowExternalNameServices,
    looksForExternalPort: false,
  });
  const settings = found.service ? serviceSettings(found.service.resource) : {};
  const scheme = settings.serversScheme?.toLowerCase() || usualScheme(found.port, found.to.port);
  const empty = !hasEndpoints(catalog, found, { condition: 'serving', absent: true });
  if (empty && !provider.allowEmptyServices)
    throw new Dropped(`the Service ${namespace}/${service.name} has no endpoints`);
  const target: Target = empty
    ? { kind: 'empty', origin }
    : !SCHEMES.has(scheme)
      ? { kind: 'internal', status: 500, body: 'Internal Server Error' }
      : {
          kind: 'server',
          to: destination(found, scheme, origin),
          passHost: settings.passHostHeader ?? true,
          middlewares: (settings.middlewares ?? []).map((name) => (name.includes('@') ? name : `${name}@kubernetes`)),
          ...(settings.sticky ? { sticky: { name: settings.sticky.name, origin: originOf(found.service!.resource, 'metadata', 'annotations', settings.sticky.key) } } : {}), // biome-ignore format: one line
        };
  return () => {
    checkTransport(settings.serversTransport, catalog);
    return target;
  };
}

function checkTransport(name: string | undefined, catalog: Catalog): void {
  if (name === undefined) return;
  const [id = '', provider] = name.split('@');
  if (provider === 'kubernetescrd' && transportIds(catalog).has(id)) return;
  throw new Disabled(`there is no ServersTransport ${name}`);
}
