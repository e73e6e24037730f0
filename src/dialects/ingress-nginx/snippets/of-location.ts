// The snippets that reach one location, and those of its server: their headers, answers and address lists.

import {
  append,
  formatResource,
  type HeaderOps,
  type Origin,
  type Reach,
  type SourceMatcher,
  type Unsupported,
} from '../../../model/index.js';
import type { Settings, SnippetName } from '../annotations/settings.js';
import type { Location } from '../controller/locations.js';
import { onlyName, type Server } from '../controller/server.js';
import { ingressVariables } from '../nginx/ingress-variables.js';
import type { Step } from '../nginx/steps.js';
import { answerSteps, type Place, refusedAddresses } from './answers.js';
import { type AnswerHeaders, answerHeaders, answerOps, requestOps } from './headers.js';
import type { Snippet } from './snippet.js';
import type { LocationContext } from './value.js';

export interface SnippetPlace {
  readonly scheme: 'http' | 'https';
  readonly unsupported: (item: Unsupported) => void;
  readonly server: Pick<Server, 'host' | 'aliases' | 'snippet'>;
}

const SERVER: SnippetName = 'server-snippet';
const LOCATION: SnippetName = 'configuration-snippet';

const snippetOf = (settings: Settings | undefined, name: SnippetName): Snippet | undefined => settings?.snippets[name];

const surroundings = (server: SnippetPlace['server'], location: Location | undefined): LocationContext => ({
  host: onlyName(server)?.toLowerCase(),
  constants: location ? ingressVariables(location, server.host) : {},
});

/** Called with what is not understood; `reach`: the requests that it can change. */
const teller =
  (name: SnippetName, settings: Settings, reach: Reach, unsupported: SnippetPlace['unsupported']) =>
  (what: string): void =>
    unsupported({
      feature: `annotation.${name}`,
      detail: `not modelled: ${what}`,
      effect: 'security',
      reach,
      origin: settings.annotations.origin(name),
    });

const ofObject = ({ annotations: { resource } }: Settings): Reach => ({ objects: [formatResource(resource)] });

/** Changes of an answer of the location, whatever answers; outermost level first. Denied locations have only what the server has. */
export function snippetHeaders(location: Location, place: SnippetPlace): (step: Step) => Step {
  const { settings } = location;
  const server = snippetOf(place.server.snippet?.settings, SERVER);
  const own = settings && !settings.denied ? snippetOf(settings, LOCATION) : undefined;
  if (!server && !own) return (step) => step;
  const told = own ? teller(LOCATION, settings!, ofObject(settings!), place.unsupported) : () => undefined;
  const headers = answerHeaders({ server, location: own }, surroundings(place.server, location), (names) =>
    told(`the value of ${names.join(', ')}`),
  );
  const origin = own
    ? settings!.annotations.origin(LOCATION)
    : place.server.snippet!.settings.annotations.origin(SERVER);
  return withHeaders(headers, origin);
}

const withHeaders =
  (headers: AnswerHeaders, origin: Origin) =>
  (step: Step): Step => {
    const ops = answerOps(headers, step.action);
    return ops ? { ...step, responseHeaders: before(ops, step.responseHeaders, origin) } : step;
  };

/** The later of two values of one name counts; what is taken away and set again is set. */
function before(first: HeaderOps, then: HeaderOps | undefined, origin: Origin): HeaderOps {
  const set = new Map([...(first.set ?? []), ...(then?.set ?? [])]);
  const add = [...(first.add ?? []), ...(then?.add ?? [])];
  const remove = [...(first.remove ?? []), ...(then?.remove ?? [])].filter((name) => !set.has(name));
  return {
    ...(set.size > 0 ? { set: [...set] } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove } : {}),
    origin,
  };
}

/** Headers of requests that go on. Those of the server do not count: every location has `proxy_set_header` of its own. */
export function snippetRequestHeaders(location: Location, place: SnippetPlace): HeaderOps | undefined {
  const { settings } = location;
  const own = snippetOf(settings, LOCATION);
  const outer = snippetOf(place.server.snippet?.settings, SERVER);
  // The controller talks to gRPC by other directives.
  const proxied = !settings?.backendProtocol.startsWith('GRPC');
  const all = {
    inputHeaders: [...(outer?.inputHeaders ?? []), ...(own?.inputHeaders ?? [])],
    proxyHeaders: proxied ? (own?.proxyHeaders ?? []) : [],
  };
  if (all.inputHeaders.length + all.proxyHeaders.length === 0 || !settings) return undefined;
  const told = teller(LOCATION, settings, ofObject(settings), place.unsupported);
  return requestOps(all, surroundings(place.server, location), (names) => told(`the value of ${names.join(', ')}`));
}

/** `return` and `rewrite`, in front of everything else of the location. */
export function snippetAnswers(location: Location, page: Place['page'], place: SnippetPlace): readonly Step[] {
  const { settings } = location;
  const own = snippetOf(settings, LOCATION);
  if (!settings || !own) return [];
  const told = teller(LOCATION, settings, ofObject(settings), place.unsupported);
  const context = surroundings(place.server, location);
  return answerSteps(own.answers, {
    ...context,
    scheme: place.scheme,
    origin: settings.annotations.origin(LOCATION),
    page,
    told,
  });
}

/** Of the server, before a location is looked for; `reach`: its hosts. */
export function serverAnswers(place: SnippetPlace, reach: Reach): readonly Step[] {
  const settings = place.server.snippet?.settings;
  const own = snippetOf(settings, SERVER);
  if (!settings || !own) return [];
  const told = teller(SERVER, settings, reach, place.unsupported);
  const steps = answerSteps(own.answers, {
    ...surroundings(place.server, undefined),
    scheme: place.scheme,
    origin: settings.annotations.origin(SERVER),
    page: (status) => ({ kind: 'direct-response', status }),
    told,
  });
  return steps.map(serverHeaders(place, told));
}

/** Of answers that the server itself gives: no location has a say in them. */
export function serverHeaders(
  place: SnippetPlace,
  told: (what: string) => void = () => undefined,
): (step: Step) => Step {
  const settings = place.server.snippet?.settings;
  const server = snippetOf(settings, SERVER);
  if (!settings || !server) return (step) => step;
  const headers = answerHeaders({ server }, surroundings(place.server, undefined), (names) =>
    told(`the value of ${names.join(', ')}`),
  );
  return withHeaders(headers, settings.annotations.origin(SERVER));
}

/** Addresses that the lists of the snippets refuse: behind those of the annotations, and none where these end with `deny all`. */
export function snippetRefusals(
  settings: Settings,
  server: Settings | undefined,
): readonly { readonly source: readonly SourceMatcher[]; readonly origin: Origin }[] {
  if (settings.allow.length > 0) return [];
  const found: { source: readonly SourceMatcher[]; origin: Origin }[] = [];
  const add = (of: Settings, name: SnippetName): void => {
    const origin = of.annotations.origin(name);
    append(
      found,
      refusedAddresses(of.snippets[name]?.access ?? [], origin).map((source) => ({ source, origin })),
    );
  };
  const own = settings.snippets[LOCATION]?.access.length ?? 0;
  add(settings, LOCATION);
  // The lists of the server count where the location has none at all.
  if (server && own === 0 && settings.deny.length === 0) add(server, SERVER);
  return found;
}
