// Ingresses of Kong's classes and its own kinds as the gateway that Kong makes of them.

import {
  type Assumption,
  append,
  type EffectiveGateway,
  originOf,
  own,
  type Resource,
  type Unsupported,
} from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { compareText } from '../../resources/fields.js';
import { type IngressView, ingressKinds, upgradeIngress } from '../../resources/ingress.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { ingressOwner } from '../ingress-owner.js';
import { consumersOf } from './controller/consumers.js';
import { ingressRoutes } from './controller/ingresses.js';
import { overrideNotes } from './controller/kong-ingress.js';
import { pluginsOf } from './controller/plugins.js';
import { rewritePlugins } from './controller/rewrite.js';
import { tcpClasses, tcpListeners, withoutClass } from './controller/tcp-ingresses.js';
import { declaredConfig, unreadIn } from './declarative/config.js';
import { declaredIn, field } from './declarative/entities.js';
import { delegatedNotes } from './delegated.js';
import type { Flavor, KongCertificate, KongConfig } from './entities.js';
import { gatewayOf } from './gateway.js';
import {
  type AttachedRoute,
  attachedRoutes,
  classAssumptions,
  gatewayCertificates,
  kongGateways,
  otherRoutes,
} from './gateway-api/attached.js';
import { httpRoutes } from './gateway-api/rules.js';
import { flavorFlag, gatesFlag } from './profile.js';
import { refusalsOf } from './refusals/index.js';
import type { Refusal } from './refusals/refusal.js';
import { surprisesOf } from './surprises.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const notes: ReadNote[] = [];
  const classes = ingressesByClass(catalog, options, notes);
  const attached = attachedRoutes(catalog, notes);
  const served = kongGateways(catalog);
  // One controller serves both: that of the class `kong`, or of the only one that there is.
  const [only = 'kong'] = classes.size === 1 ? classes.keys() : ['kong'];
  if (served.length > 0 && !classes.has(only)) classes.set(only, []);
  const streaming = tcpClasses(catalog);
  for (const name of streaming.keys()) if (!classes.has(name)) classes.set(name, []);
  const assumptions: Assumption[] = [];
  const gateways: EffectiveGateway[] = [...classes].map(([className, views]): EffectiveGateway => {
    // One of them is why the class is here.
    const [first] = [views[0]?.resource, streaming.get(className), ...served].filter((object) => object !== undefined);
    const objects = { views, attached: className === only ? attached : [], certificates: className === only };
    const streams = tcpListeners(catalog, className, HTTP_PORTS, notes);
    append(assumptions, streams.assumptions);
    const config = {
      ...configOf(className, objects, { catalog, options, notes }),
      origin: originOf(first!),
      streams: streams.listeners,
    };
    const id = className === 'kong' ? 'kong' : `kong:${className}`;
    const aliases = className === 'kong' ? ['kong:kong'] : classes.size === 1 ? ['kong'] : [];
    return noted(config, { id, ...(aliases.length > 0 ? { aliases } : {}) }, otherRoutes(catalog), notes);
  });
  const declared = catalog.ofKind('deck.konghq.com/DeclarativeConfig');
  if (declared.length > 0) {
    const config = declaredConfig(declared, flavorOf(options));
    const id = gateways.length > 0 ? 'kong:declarative' : 'kong';
    gateways.push(noted(config, { id }, [...declared.flatMap(expressions), ...declared.flatMap(unreadParts)], notes));
  }
  append(
    notes,
    NOT_READ.flatMap((kind) => catalog.ofKind(kind).map(notRead)),
  );
  append(notes, overrideNotes(catalog));
  append(notes, withoutClass(catalog));
  return { gateways, notes, assumptions: [...classAssumptions(served, catalog), ...assumptions] };
}

function noted(
  config: KongConfig,
  names: Parameters<typeof gatewayOf>[0],
  more: readonly Unsupported[],
  notes: ReadNote[],
): EffectiveGateway {
  append(notes, surprisesOf(config));
  const refusals = refusalsOf(config);
  for (const { message, origin } of refusals)
    notes.push({ code: 'kong-refused', message: `Kong refuses the whole configuration: ${message}`, origin });
  return gatewayOf(names, config, [...refusals.slice(0, 1).map(lastGoodOne), ...more]);
}

const unreadParts = (file: Resource): readonly Unsupported[] =>
  unreadIn(file).map((key) => ({
    feature: `kong.${key.replace(/^_/, '')}`,
    detail: `${key} is not read: what it changes is not known`,
    effect: 'routing',
    origin: originOf(file, key),
  }));

/** Routes that are written as expressions. */
const expressions = (file: Resource): readonly Unsupported[] =>
  declaredIn([file])
    .routes.filter((route) => field(route, 'expression') !== undefined)
    .map((route) => ({
      feature: 'kong.expression',
      detail: 'the expression of the route is not read: which requests it takes is not known',
      effect: 'routing',
      origin: route.origin,
    }));

/** Of the Service before Kong, as every chart has them. */
const HTTP_PORTS = [80, 443];

/** Kinds that say where requests go, and that no reader here knows. */
const NOT_READ = ['configuration.konghq.com/UDPIngress'];

const notRead = (resource: Resource): ReadNote => ({
  code: 'kong-not-read',
  message: `${resource.kind} is not read: nothing in it was checked, and answers are as if it were not there`,
  origin: originOf(resource),
});

/** Nothing of the files is applied: what Kong does then is not in them. */
const lastGoodOne = ({ message, origin }: Refusal): Unsupported => ({
  feature: 'kong.refused',
  detail: `Kong refuses the whole configuration and goes on with the one before it, or answers 404 without one: ${message}`,
  effect: 'routing',
  origin,
});

/** Each class has a controller and a Kong of its own. */
function ingressesByClass(catalog: Catalog, options: ReadOptions, notes: ReadNote[]): Map<string, IngressView[]> {
  const classes = new Map<string, IngressView[]>();
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    const { dialect, className = 'kong' } = ingressOwner(view, catalog, options);
    if (dialect !== 'kong') continue;
    // The annotation goes before the field: with another class in it no controller of Kong takes the Ingress.
    if ((view.classAnnotation || className) !== className) {
      const message = `the annotation kubernetes.io/ingress.class says ${view.classAnnotation}, and goes before spec.ingressClassName: Kong's controller leaves the Ingress out`;
      notes.push({
        code: 'kong-class',
        message,
        origin: originOf(resource, 'metadata', 'annotations', 'kubernetes.io/ingress.class'),
      });
      continue;
    }
    const known = classes.get(className);
    if (known) known.push(view);
    else classes.set(className, [view]);
  }
  return classes;
}

interface Given {
  readonly catalog: Catalog;
  readonly options: ReadOptions;
  readonly notes: ReadNote[];
}

const flavorOf = ({ flags }: Pick<ReadOptions, 'flags'>): Flavor =>
  (own(flags, flavorFlag.name) as Flavor | undefined) ?? 'traditional_compatible';

/** `RewriteURIs=true,…`. */
const gateOf = ({ flags }: Pick<ReadOptions, 'flags'>, name: string): boolean =>
  (own(flags, gatesFlag.name) ?? '')
    .split(',')
    .some((gate) => gate.trim().toLowerCase() === `${name.toLowerCase()}=true`);

interface Objects {
  readonly views: readonly IngressView[];
  readonly attached: readonly AttachedRoute[];
  /** Those of Gateways are its own. */
  readonly certificates: boolean;
}

function configOf(
  className: string,
  { views, attached, certificates }: Objects,
  { catalog, options, notes }: Given,
): Omit<KongConfig, 'origin'> {
  const flavor = flavorOf(options);
  const rewriteUris = gateOf(options, 'RewriteURIs');
  const expressions = flavor === 'expressions';
  const fromIngresses = ingressRoutes(views, { catalog, expressions, rewriteUris, notes });
  const fromRoutes = httpRoutes(attached, { catalog, expressions, notes });
  // Whatever the order of the files, one configuration.
  const routes = [...fromIngresses, ...fromRoutes.routes].sort((a, b) => compareText(a.name, b.name));
  append(notes, delegatedNotes(routes, catalog));
  const named = consumersOf(catalog, className, notes);
  const plugins = pluginsOf(routes, named, { catalog, className, notes });
  return {
    flavor,
    routes,
    plugins: [...plugins, ...fromRoutes.plugins, ...(rewriteUris ? rewritePlugins(fromIngresses) : [])],
    consumers: named.map(({ consumer }) => consumer),
    certificates: [...certificatesOf(views), ...(certificates ? gatewayCertificates(catalog) : [])],
  };
}

/** Secrets of `tls`, each for its hosts. */
const certificatesOf = (views: readonly IngressView[]): readonly KongCertificate[] =>
  views.flatMap(({ resource, tls }) =>
    tls.flatMap(({ hosts, secretName, origin }) =>
      secretName === undefined
        ? []
        : [
            {
              hosts,
              credential: { namespace: resource.namespace, name: secretName },
              origin: originOf(resource, ...origin.path, 'secretName'),
            },
          ],
    ),
  );
