// The rules of one host as the paths of an Ingress. An Ingress prefers the longest path, the model the first rule that matches: a rule
// behind one that takes it whole is not written, and where that changes an answer it is kept as covered.

import {
  type DomainPattern,
  type HttpChain,
  ingressHostText,
  isNotFound,
  type Route,
  type VirtualHost,
} from '../../../model/index.js';
import type { WriteOptions } from '../../dialect.js';
import type { ItemList } from '../../item-list.js';
import { noteLeftCheck } from '../../without-check.js';
import type { Ingresses } from './ingresses.js';
import { noteNotFound, noteSideConditions } from './losses.js';
import { type Path, pathList, trimmed } from './path-list.js';
import { exactBackends, routePath } from './route-path.js';
import { secretFor } from './server-names.js';

/** A rule that an earlier one of its host takes whole. */
export interface Covered {
  readonly host: string;
  readonly path: Path;
  readonly route: Route;
}

/** What the hosts of all gateways are collected in. */
export interface Output {
  readonly ingresses: Ingresses;
  readonly covered: Covered[];
  readonly report: ItemList;
  /** Comments on paths. */
  readonly remarks: Map<object, string>;
}

export function addHost(
  domain: DomainPattern,
  host: VirtualHost,
  chain: HttpChain,
  output: Output,
  options: WriteOptions,
): void {
  const { ingresses, covered, report, remarks } = output;
  const { add, wrote, needless } = report;
  const name = ingressHostText(domain);
  const first = host.routes[0];
  if (domain.kind === 'suffix' && first)
    add('host.wildcard', `${name} of an Ingress matches one label; here it matches any number`, first.origin);
  const written = pathList();
  const exact = exactBackends(host.routes);
  for (const route of host.routes) {
    const result = routePath(route);
    for (const c of route.conditions ?? []) noteLeftCheck(c, add);
    if ('impossible' in result) {
      leaveOut(route, result.impossible, route === host.routes.at(-1), report);
      continue;
    }
    noteSideConditions(route, add);
    const { path, namespace } = result;
    const taker = written.takerOf(path);
    if (taker) {
      needless(route);
      if (backendText(taker) !== backendText(path)) covered.push({ host: name, path, route });
      continue;
    }
    if (result.narrower) noteNarrower(path, exact, route, report);
    written.add(path);
    if (route.remark !== undefined) remarks.set(path, route.remark);
    wrote(route);
    ingresses.addPath(namespace, name, path);
    if (chain.tls) addCertificate(domain, chain, { namespace, origin: first!.origin }, output, options);
  }
}

const backendText = ({ backend }: Path): string => JSON.stringify(backend);

function leaveOut(route: Route, why: string, isLast: boolean, { add, needless }: ItemList): void {
  if (isLast && isNotFound(route)) {
    noteNotFound(route, add);
    needless(route);
  } else add('route', `${why}; the rule is left out`, route.matchOrigin ?? route.origin, { route });
}

/** A prefix of text that became one of path segments. `exact`: backends of the exact paths of the host. */
function noteNarrower(path: Path, exact: ReturnType<typeof exactBackends>, route: Route, { add }: ItemList): void {
  const isSlashed = path.path.endsWith('/');
  // `/cart/` and the same for `/cart` is just what Prefix means.
  if (isSlashed && exact.get(trimmed(path.path))?.has(backendText(path))) return;
  add(
    'path.prefix',
    isSlashed
      ? `Prefix ${path.path} of an Ingress also matches ${trimmed(path.path)}`
      : `prefix ${path.path} also matches ${path.path}x here; Prefix of an Ingress ends at a slash`,
    route.matchOrigin ?? route.origin,
  );
}

/** The Secret for a host in the Ingress of a namespace, where there is one. */
function addCertificate(
  domain: DomainPattern,
  chain: HttpChain,
  { namespace, origin }: { readonly namespace: string; readonly origin: Route['origin'] },
  { ingresses, report: { add } }: Output,
  options: WriteOptions,
): void {
  const name = ingressHostText(domain);
  const secret = secretFor(domain, chain, options);
  if (!secret) {
    add(
      'tls.certificate-files',
      `no Secret holds the certificate for ${name || 'any host'}: --default-tls-secret NAMESPACE/NAME names one`,
      origin,
    );
    return;
  }
  if (secret.namespace !== namespace)
    add(
      'tls.secret-namespace',
      `copy Secret ${secret.namespace}/${secret.name} to ${namespace}: an Ingress reads certificates from its own namespace`,
      origin,
    );
  ingresses.addSecret(namespace, name, secret.name);
}
