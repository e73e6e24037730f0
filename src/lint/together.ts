// How certain it is that what the files lack does not exist. A folder is often no single application: environments and alternatives
// define the same objects (MGW0149), and fragments that name no namespace are applied to one that somebody chooses. What is missing among
// them may come from elsewhere, so that a finding about it is a warning and not an error. A folder of which half the files or more define
// objects of other files is a set of alternatives or of steps (a tutorial, the inputs of tests): each of its files goes by itself.

import { nearestName } from '../diagnostics/index.js';
import type { Resource } from '../model/index.js';
import type { Catalog } from '../resources/catalog.js';
import { perCatalog } from '../resources/kept-answers.js';
import { isWithoutNamespace } from '../resources/namespace.js';
import { applicationServices, serviceOfHost } from '../resources/services.js';
import { environmentPair, isBelow } from './environments.js';

export interface Together {
  /** Nothing in the files shows that the two are not applied together, nor that they may be in different namespaces. */
  areTogether(one: Resource, other: Resource): boolean;
  /** What is applied with an object holds Services enough to say that this host (fully qualified) does not exist. */
  isHostMissing(from: Resource, host: string): boolean;
  /** The same for a Gateway of Istio, of which Gateways of the Gateway API say nothing but their names. */
  isGatewayMissing(from: Resource, gateway: { readonly namespace: string; readonly name: string }): boolean;
}

/** Made when asked, once for all rules. */
export const together = perCatalog((catalog): Together => build(catalog));

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function build(catalog: Catalog): Together {
  const unitOf = unitsOf(catalog);
  const withRoutes = foldersOf(catalog, ROUTES);
  const withServices = foldersOf(catalog, new Set(['Service']));
  /** Folders of one application that part its kinds: `app/istio/routes.yaml` and `app/services/web.yaml`. */
  const areHalves = (mine: string, theirs: string): boolean =>
    folderOf(mine) === folderOf(theirs) && !withServices.has(mine) && !withRoutes.has(theirs);
  /** In one folder, in one above, in the next one below, or in the other half. */
  const areNear = (one: Resource, other: Resource): boolean => {
    const [mine, theirs] = [folderOf(one.document.file), folderOf(other.document.file)];
    return (
      theirs === '' || mine === theirs || isBelow(mine, theirs) || folderOf(theirs) === mine || areHalves(mine, theirs)
    );
  };
  /** Nothing says in which company it is applied. */
  const isLoose = (resource: Resource): boolean =>
    isWithoutNamespace(resource) || unitOf(resource) === resource.document.file;
  const areTogether = (one: Resource, other: Resource): boolean => {
    const [mine, theirs] = [unitOf(one), unitOf(other)];
    if (isLoose(one) && !areNear(one, other)) return false;
    return mine === undefined || theirs === undefined || mine === theirs || isBelow(mine, theirs);
  };
  /** Whether one of the objects says what there is in a namespace, for the object that asks. */
  const speaks = (from: Resource, others: readonly Resource[], namespace: string): boolean =>
    others.some((other) => other.namespace === namespace && areTogether(from, other));
  /** A slip of the name or one of the namespace; nobody makes both at once. */
  const isMisspelled = (from: Resource, others: readonly Resource[], name: string, namespace: string): boolean => {
    const there = new Set(others.filter((other) => other.namespace === namespace).map((other) => other.name));
    const isElsewhere = !isWithoutNamespace(from) && others.some((other) => other.name === name);
    return isElsewhere || nearestName(name, [...there]) !== undefined;
  };
  const remembered = new Map<string, boolean>();
  const once = (from: Resource, what: string, decide: () => boolean): boolean => {
    const key = `${unitOf(from)} ${isLoose(from) ? folderOf(from.document.file) : ''} ${what}`;
    const answer = remembered.get(key) ?? decide();
    remembered.set(key, answer);
    return answer;
  };
  // What another environment replaces is still there in its own.
  const replaced = (kind: string): Resource[] =>
    catalog.replaced.flatMap(({ resource }) => (`${resource.group}/${resource.kind}` === kind ? [resource] : []));
  const services = [...applicationServices(catalog), ...replaced('/Service')];
  const entries = catalog.ofKind('networking.istio.io/ServiceEntry');
  const [istioGateways = [], otherGateways = []] = [
    'networking.istio.io/Gateway',
    'gateway.networking.k8s.io/Gateway',
  ].map((kind) => [...catalog.ofKind(kind), ...replaced(kind)]);
  const gateways = [...istioGateways, ...otherGateways];
  return {
    areTogether,
    isHostMissing: (from, host) =>
      once(from, host, () => {
        const service = serviceOfHost(host);
        if (!service) return [...entries, ...services].some((e) => areTogether(from, e) && areNear(from, e));
        return (
          speaks(from, services, service.namespace) || isMisspelled(from, services, service.name, service.namespace)
        );
      }),
    isGatewayMissing: (from, { namespace, name }) =>
      once(
        from,
        `${namespace}/${name}`,
        () => speaks(from, istioGateways, namespace) || isMisspelled(from, gateways, name, namespace),
      ),
  };
}

/** The folder or file that an object belongs to where others define the same objects; undefined: it goes with all of them. */
function unitsOf(catalog: Catalog): (resource: Resource) => string | undefined {
  const folders = new Set<string>();
  const files = new Set<string>();
  for (const replaced of catalog.replaced) {
    const pair = environmentPair(replaced);
    const [one, other] = [replaced.resource.document.file, replaced.by.document.file];
    for (const folder of pair ?? []) folders.add(folder);
    if (!pair && one !== other) files.add(one).add(other);
  }
  const alternatives = foldersOfAlternatives(catalog, files);
  return ({ document: { file } }) => {
    if (files.has(file) || alternatives.has(folderOf(file))) return file;
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) if (folders.has(folder)) return folder;
    return undefined;
  };
}

/** Folders of which half the files or more are among `files`, those that define objects of others. */
function foldersOfAlternatives(catalog: Catalog, files: ReadonlySet<string>): ReadonlySet<string> {
  if (files.size === 0) return new Set();
  const byFolder = new Map<string, Set<string>>();
  for (const { document } of [...catalog.all, ...catalog.replaced.map((r) => r.resource)]) {
    const folder = folderOf(document.file);
    const list = byFolder.get(folder) ?? new Set();
    byFolder.set(folder, list);
    list.add(document.file);
  }
  const isMixed = (list: ReadonlySet<string>) => 2 * [...list].filter((file) => files.has(file)).length >= list.size;
  return new Set([...byFolder].filter(([, list]) => isMixed(list)).map(([folder]) => folder));
}

const ROUTES = new Set(['VirtualService', 'Ingress', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']);

const foldersOf = (catalog: Catalog, kinds: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(catalog.all.filter(({ kind }) => kinds.has(kind)).map(({ document }) => folderOf(document.file)));
