// Which Ingresses one controller serves, and in which order it goes through them: GetIngressClass and
// sortIngressSlice in internal/ingress/controller/store/store.go (kubernetes/ingress-nginx controller-v1.15.1).

import { own, type Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { type IngressView, ingressKinds, upgradeIngress } from '../../../resources/ingress.js';
import type { ReadNote, ReadOptions } from '../../dialect.js';
import { ingressOwner } from '../../ingress-owner.js';
import { readSettings, type Settings } from '../annotations/settings.js';
import { PREFIX } from '../annotations/table.js';
import { annotationDefaults, type ControllerConfig } from './config-map.js';

export interface NginxIngress {
  readonly view: IngressView;
  readonly namespace: string;
  readonly name: string;
  readonly settings: Settings;
}

/** One controller: all classes whose `spec.controller` is the same are its own. */
export interface Controller {
  readonly controller: string;
  /** Names of its classes, as the Ingresses use them. */
  readonly classes: readonly string[];
  readonly ingresses: readonly NginxIngress[];
  /** One of its Ingresses, also where the controller serves none: the origin of what nobody asked for. */
  readonly anyIngress: Resource;
}

/** `config`: the ConfigMap of the controllers. */
export function controllersIn(
  catalog: Catalog,
  options: ReadOptions,
  config: ControllerConfig,
): { readonly controllers: readonly Controller[]; readonly notes: readonly ReadNote[] } {
  const groups = new Map<string, { classes: Set<string>; ingresses: NginxIngress[]; anyIngress: Resource }>();
  const notes: ReadNote[] = [];
  const [forAll, withoutAuth] = [annotationDefaults(config, true), annotationDefaults(config, false)];
  for (const resource of ingressKinds.flatMap((kind) => catalog.ofKind(kind))) {
    const view = upgradeIngress(resource);
    const { dialect, controller, className } = ingressOwner(view, catalog, options);
    if (dialect !== 'ingress-nginx' || controller === undefined || className === undefined) continue;
    const group = groups.get(controller) ?? { classes: new Set<string>(), ingresses: [], anyIngress: resource };
    groups.set(controller, group);
    group.classes.add(className);
    const globalAuth = own(resource.annotations, `${PREFIX}enable-global-auth`) !== 'false';
    const settings = readSettings(resource, globalAuth ? forAll : withoutAuth);
    if ('ignored' in settings) {
      notes.push({
        code: 'ingress-ignored',
        message: `the controller ignores this Ingress because of the invalid value of ${PREFIX}${settings.annotation.name}`,
        origin: settings.origin,
      });
      continue;
    }
    // dropSnippetDirectives in controller.go.
    const counted = config.allowSnippets ? settings : { ...settings, snippets: {} };
    group.ingresses.push({ view, namespace: resource.namespace, name: resource.name, settings: counted });
  }
  const controllers = [...groups].map(([controller, group]) => ({
    controller,
    classes: [...group.classes].sort(),
    ingresses: group.ingresses.sort(byAge),
    anyIngress: group.anyIngress,
  }));
  return { controllers: controllers.sort((a, b) => (a.controller < b.controller ? -1 : 1)), notes };
}

/** Objects that were never applied count as created in the order of the files, a second apart (fixtures/truth/README.md). */
const ageOf = (ingress: NginxIngress): number =>
  ingress.view.resource.createdAt ?? Date.UTC(2026, 0, 1) + ingress.view.resource.order * 1000;

/** Oldest first; of one age the greater `namespace/name`. */
function byAge(a: NginxIngress, b: NginxIngress): number {
  const age = Math.floor(ageOf(a) / 1000) - Math.floor(ageOf(b) / 1000);
  if (age !== 0) return age;
  const [x, y] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return x > y ? -1 : x < y ? 1 : 0;
}
