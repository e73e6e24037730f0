// Annotations `konghq.com/…` of Ingresses, routes and Services as the controller takes them: internal/annotations/annotations.go and
// internal/dataplane/kongstate/{route,service}.go of Kong/kubernetes-ingress-controller (3.5). What is no value counts as absent.

import { own, type Resource } from '../../../model/index.js';

const PREFIX = 'konghq.com/';

export const annotation = (resource: Resource, name: string): string | undefined =>
  own(resource.annotations, `${PREFIX}${name}`);

/** A comma list: trimmed, without empty entries. */
export const listOf = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

export function flagOf(resource: Resource, name: string, otherwise: boolean): boolean {
  const value = annotation(resource, name)?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : otherwise;
}

/** As strconv.Atoi: a decimal number, with a sign or not. */
export function numberOf(resource: Resource, name: string): number | undefined {
  const value = annotation(resource, name);
  return value !== undefined && /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
}

export const PROTOCOLS = ['http', 'https', 'grpc', 'grpcs', 'ws', 'wss', 'tls', 'tcp', 'tls_passthrough'] as const;
export const isProtocol = (word: string): boolean => (PROTOCOLS as readonly string[]).includes(word);

const VALID_HOST = /^(\*\.)?([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*)+(\.([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*))*?(\.\*)?$/;
const VALID_SNI = /^([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*)+(\.([a-zA-Z0-9]+(-[a-zA-Z0-9]+)*))*$/;
/** The patterns above look at a name over and over: a name of DNS is never longer. */
const short = (name: string): boolean => name.length <= 253 && name.split(/[.-]/).every((part) => part.length <= 63);
const isHost = (name: string): boolean => short(name) && VALID_HOST.test(name);
const isSni = (name: string): boolean => short(name) && VALID_SNI.test(name);

/** One that is none makes all of them void; expressions take them as they are. */
export function hostAliases(resource: Resource, expressions: boolean): readonly string[] {
  const aliases = listOf(annotation(resource, 'host-aliases'));
  return expressions || aliases.every(isHost) ? aliases : [];
}

/** Upper case; one that is none makes all of them void, with expressions only itself. */
export function methodsOf(resource: Resource, expressions: boolean): readonly string[] {
  const methods = listOf(annotation(resource, 'methods')).map((method) => method.toUpperCase());
  const valid = methods.filter((method) => /^[A-Z]+$/.test(method));
  return expressions || valid.length === methods.length ? valid : [];
}

export function snisOf(resource: Resource, expressions: boolean): readonly string[] {
  const snis = listOf(annotation(resource, 'snis'));
  const valid = snis.filter(isSni);
  return expressions || valid.length === snis.length ? valid : [];
}

/** `headers.x-user: a,b`: name → values, sorted by name. */
export function headersOf(resource: Resource): readonly (readonly [name: string, values: readonly string[]])[] {
  const separator = annotation(resource, 'headers-separator') ?? ',';
  const begin = `${PREFIX}headers.`;
  return Object.entries(resource.annotations)
    .flatMap(([key, value]): [string, readonly string[]][] => {
      if (!key.startsWith(begin) || key === begin || value === '') return [];
      return [[key.slice(begin.length), value.split(separator).map((entry) => entry.trim())]];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface Protocols {
  readonly protocols: readonly string[];
  readonly httpsRedirectStatus: number;
  /** Whatever the annotation says. */
  readonly stripPath?: boolean;
}

const REDIRECTS = [426, 301, 302, 307, 308];

/** Which schemes a route of an Ingress is for, and what it answers to http where it is for https only. */
export function protocolsOf(resource: Resource, expressions: boolean): Protocols {
  const named = listOf(annotation(resource, 'protocols'));
  // Sorted as they are handed over; valid ones are then set in the order of the annotation, after the redirect was looked at.
  const secured = isForced(resource) && !areValid(named) ? ['https'] : named;
  return {
    ...normalized(secured.length === 0 ? ['http', 'https'] : secured, expressions),
    httpsRedirectStatus: redirectStatus(resource),
  };
}

/** The same of an HTTPRoute, where words that are no protocol make the annotation void. `listeners`: `http`, `https`. */
export function protocolsOfRoute(resource: Resource, listeners: readonly string[], expressions: boolean): Protocols {
  const named = listOf(annotation(resource, 'protocols'));
  const usual = isForced(resource) ? ['https'] : listeners;
  return {
    ...normalized(areValid(named) ? named : usual, expressions),
    httpsRedirectStatus: redirectStatus(resource),
  };
}

const isForced = ({ annotations }: Resource): boolean =>
  own(annotations, 'ingress.kubernetes.io/force-ssl-redirect') === 'true';

const areValid = (named: readonly string[]): boolean => named.length > 0 && named.every(isProtocol);

function redirectStatus(resource: Resource): number {
  const code = numberOf(resource, 'https-redirect-status-code');
  return code !== undefined && REDIRECTS.includes(code) ? code : usualStatus(resource);
}

const usualStatus = (resource: Resource): number => (isForced(resource) ? 302 : 426);

/** `https-redirect-status-code` says what holds without it. */
export const isUsualRedirect = (resource: Resource): boolean => redirectStatus(resource) === usualStatus(resource);

/** gRPC beside HTTP is HTTP; expressions take the words as they are (normalizeProtocols in internal/dataplane/kongstate/route.go). */
function normalized(protocols: readonly string[], expressions: boolean): Pick<Protocols, 'protocols' | 'stripPath'> {
  if (expressions) return { protocols };
  const grpc = protocols.some((p) => p.includes('grpc'));
  const http = protocols.some((p) => p.includes('http') || !isProtocol(p));
  if (!grpc) return { protocols };
  return http ? { protocols: ['http', 'https'], stripPath: true } : { protocols, stripPath: false };
}
