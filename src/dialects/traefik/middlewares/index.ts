// Middlewares as parts of flows: pkg/server/middleware/middlewares.go (one kind for each object), pkg/provider/kubernetes/crd/kubernetes.go
// (which objects become middlewares), and pkg/middlewares/* for what each does.

import {
  type Condition,
  isObject,
  type JsonObject,
  type Origin,
  originOf,
  own,
  type Resource,
  table,
} from '../../../model/index.js';
import { objectsOf, specOf } from '../../../resources/fields.js';
import { listed } from '../api-server.js';
import { Disabled, Dropped, idOf } from '../names.js';
import { middlewareKeys } from '../references.js';
import { basicAuth, digestAuth, forwardAuth, loadAuth, loadForward } from './auth.js';
import { compress } from './compress.js';
import { errorPages, loadErrors } from './errors.js';
import { headers } from './headers.js';
import { buffering, circuitBreaker, inFlight, loadTimes, rateLimit, retry } from './limits.js';
import type { Kind, LoadedMiddleware, LoadingContext, MiddlewareContext, Step } from './middleware.js';
import { addPrefix, encodedCharacters, replacePath, replacePathRegex, stripPrefix, stripPrefixRegex } from './paths.js';
import { redirectRegex, redirectScheme } from './redirects.js';
import { allowList } from './sources.js';

const passes: Kind = () => (flow, _, next) => next(flow);

const KINDS = table<Kind>({
  addPrefix,
  basicAuth,
  buffering,
  circuitBreaker,
  compress,
  contentType: passes,
  digestAuth,
  encodedCharacters,
  errors: errorPages,
  forwardAuth,
  grpcWeb: passes,
  headers,
  inFlightReq: inFlight,
  ipAllowList: allowList,
  ipWhiteList: allowList,
  passTLSClientCert: passes,
  rateLimit,
  redirectRegex,
  redirectScheme,
  replacePath,
  replacePathRegex,
  retry,
  stripPrefix,
  stripPrefixRegex,
});

/** What makes an object no middleware at all, as if it were not there. @throws Dropped */
const LOADING = table<(spec: JsonObject, resource: Resource, context: LoadingContext) => void>({
  basicAuth: loadAuth,
  digestAuth: loadAuth,
  errors: loadErrors,
  forwardAuth: loadForward,
  circuitBreaker: loadTimes('checkPeriod', 'fallbackDuration', 'recoveryDuration'),
  rateLimit: loadTimes('period'),
  retry: loadTimes('initialInterval', 'timeout'),
  chain: (spec, { namespace }, { provider }) => void middlewareKeys(objectsOf(spec.middlewares), namespace, provider),
});

export function loadMiddlewares(context: LoadingContext): ReadonlyMap<string, LoadedMiddleware> {
  const loaded = new Map<string, LoadedMiddleware>();
  for (const resource of listed(context.catalog, 'Middleware')) {
    const spec = specOf(resource);
    try {
      for (const [kind, check] of LOADING) {
        const part = own(spec, kind);
        if (isObject(part)) check(part, resource, context);
      }
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      context.verdicts.dropped(originOf(resource, 'spec'), error.message);
      continue;
    }
    const key = `${idOf(resource.namespace, resource.name)}@kubernetescrd`;
    loaded.set(key, { resource, key, spec });
  }
  return loaded;
}

/** The steps of middlewares by name, chains laid out. @throws Disabled */
export function stepsOf(
  names: readonly string[],
  context: MiddlewareContext,
  path: readonly string[] = [],
): readonly Step[] {
  return names.flatMap((name): readonly Step[] => {
    const middleware = context.middlewares.get(name);
    if (!middleware) throw new Disabled(missingText(name, context));
    if (path.includes(name)) throw new Disabled(`the chain ${name} leads back to itself`);
    return stepsOfOne(middleware, context, [...path, name]);
  });
}

/** `default-auth@kubernetescrd` is meant where `auth` is written for one of another provider. */
function missingText(name: string, { middlewares }: MiddlewareContext): string {
  const bare = name.replace(/@.*$/, '');
  const near = [...middlewares.values()].find(
    ({ resource, key }) => resource.name === bare || key.replace(/@.*$/, '') === bare,
  );
  return `there is no middleware ${name}${near ? `; write ${near.key}` : ''}`;
}

function stepsOfOne(
  middleware: LoadedMiddleware,
  context: MiddlewareContext,
  path: readonly string[],
): readonly Step[] {
  const { spec, resource, key } = middleware;
  const kinds = Object.keys(spec).filter(
    (kind) => isObject(own(spec, kind)) && (KINDS.has(kind) || kind === 'chain' || kind === 'plugin'),
  );
  const [kind, second] = kinds;
  if (kind === undefined) throw new Disabled(`the middleware ${key} is empty`);
  if (second !== undefined) throw new Disabled(`the middleware ${key} has several kinds: ${kinds.join(', ')}`);
  const part = own(spec, kind) as JsonObject;
  const origin = originOf(resource, 'spec', kind);
  if (kind === 'chain') {
    const names = middlewareKeys(objectsOf(part.middlewares), resource.namespace, context.provider);
    return stepsOf(names, context, path).map((step) => shapedBy(origin, step));
  }
  if (kind === 'plugin') {
    const [plugin = ''] = Object.keys(part);
    if (!context.config.plugins.has(plugin)) throw new Disabled(`the static configuration has no plugin ${plugin}`);
    const condition: Condition = {
      kind: 'external-auth',
      summary: `plugin ${plugin} of Middleware ${resource.namespace}/${resource.name} may answer or change the request; what it does is not known`,
      origin,
    };
    return [shapedBy(origin, (flow, _, next) => next({ ...flow, conditions: [...flow.conditions, condition] }))];
  }
  return [shapedBy(origin, KINDS.get(kind)!(part, origin, middleware, context))];
}

/** Whatever the step makes of a flow comes from there, too. */
const shapedBy =
  (origin: Origin, step: Step): Step =>
  (flow, place, next) =>
    step({ ...flow, shapedBy: [...flow.shapedBy, origin] }, place, next);
