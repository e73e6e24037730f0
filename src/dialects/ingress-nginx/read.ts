// Ingresses of class nginx as the gateway that ingress-nginx makes of them: first what the controller does with the
// objects (controller/), then what nginx does with the configuration (nginx/).

import { append, type EffectiveGateway, originOf, own, type TlsContext, type Unsupported } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { stringMapOf } from '../../resources/fields.js';
import type { ReadNote, ReadOptions, ReadResult } from '../dialect.js';
import { controllerAssumptions } from './assumptions.js';
import { type ControllerConfig, controllerConfig } from './controller/config-map.js';
import { type Controller, controllersIn } from './controller/ingresses.js';
import { type Configuration, configure } from './controller/servers.js';
import { passthroughs } from './nginx/passthrough.js';
import { surprises } from './nginx/surprises.js';
import { unsupportedAnnotations } from './nginx/unsupported-annotations.js';
import { domainsOf, namesOf, virtualHosts } from './nginx/virtual-hosts.js';
import { configMapFlag, passthroughFlag, profile } from './profile.js';

export function read(catalog: Catalog, options: ReadOptions): ReadResult {
  const { config, assumptions } = controllerConfig(catalog, own(options.flags, configMapFlag.name));
  const { controllers, notes } = controllersIn(catalog, options, config);
  const passthrough = own(options.flags, passthroughFlag.name);
  const all: ReadNote[] = [...notes];
  const gateways = controllers.map((controller) => {
    const { gateway, notes: more } = gatewayOf(controller, catalog, config, {
      alone: controllers.length === 1,
      passesTls: passthrough !== 'off',
    });
    append(all, more);
    return gateway;
  });
  const named = [...assumptions, ...controllerAssumptions(controllers, config, passthrough)];
  return { gateways, notes: all, ...(controllers.length > 0 ? { assumptions: named } : {}) };
}

function gatewayOf(
  controller: Controller,
  catalog: Catalog,
  config: ControllerConfig,
  { alone, passesTls }: { readonly alone: boolean; readonly passesTls: boolean },
): { readonly gateway: EffectiveGateway; readonly notes: readonly ReadNote[] } {
  const configuration = configure(controller.ingresses, catalog);
  const unsupported = new Map<string, Unsupported>();
  const collect = (item: Unsupported): void => {
    const { resource, path } = item.origin;
    const key = `${item.feature}|${resource.order}|${path.join('/')}`;
    if (!unsupported.has(key)) unsupported.set(key, item);
  };
  for (const ingress of controller.ingresses) for (const item of unsupportedAnnotations(ingress)) collect(item);
  for (const item of config.unknown) collect(item);
  const names = namesOf(configuration);
  const context = {
    unsupported: collect,
    configMap: configMapsIn(catalog),
    config,
    // The one that the controller takes first, whatever the order of the files.
    fallbackOrigin: originOf(controller.ingresses[0]?.view.resource ?? controller.anyIngress),
  };
  const passed = passesTls ? passthroughs(configuration) : [];
  // A connection with another server name could still ask for a host that is passed on: it gets what no host has.
  const ended = { ...configuration, servers: configuration.servers.filter((s) => !passed.some((p) => p.server === s)) };
  const hosts = (scheme: 'http' | 'https') =>
    virtualHosts(scheme === 'https' ? ended : configuration, names, scheme, context);
  const listeners: EffectiveGateway['listeners'] = [
    { port: 80, filterChains: [{ kind: 'http', match: { transport: 'raw' }, virtualHosts: hosts('http') }] },
    {
      port: 443,
      filterChains: [
        ...passed.map(({ chain }) => chain),
        { kind: 'http', match: { transport: 'tls' }, tls: tlsContext(ended), virtualHosts: hosts('https') },
      ],
    },
  ];
  const gateway: EffectiveGateway = {
    ...gatewayNames(controller, alone),
    dialect: 'ingress-nginx',
    engine: 'nginx',
    podLabels: [{ 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }],
    listeners,
    unsupported: [...unsupported.values()],
  };
  const notes = surprises(controller.ingresses, configuration).map(
    (note): ReadNote => (note.witness ? { ...note, witness: { ...note.witness, gateway: gateway.id } } : note),
  );
  return { gateway, notes };
}

/** `ingress-nginx` for the controller as it is installed by default, with a class for others. */
function gatewayNames(controller: Controller, alone: boolean): Pick<EffectiveGateway, 'id' | 'aliases'> {
  const byClass = controller.classes.map((name) => `ingress-nginx:${name}`);
  const standard = controller.controller === profile.ingress?.controller;
  const [id = 'ingress-nginx', ...rest] = standard ? ['ingress-nginx', ...byClass] : byClass;
  const aliases = !standard && alone ? [...rest, 'ingress-nginx'] : rest;
  return aliases.length > 0 ? { id, aliases } : { id };
}

/** Every host answers on 443, without a certificate of its own with the controller's (lua/certificate.lua). */
function tlsContext({ servers }: Configuration): TlsContext {
  const certificates = servers.flatMap((server) => {
    const { credential, origin } = server.certificate ?? {};
    const hosts = domainsOf(server.host, false);
    return credential ? [{ hosts, credential, ...(origin ? { origin } : {}) }] : [];
  });
  return {
    mode: 'simple',
    credentials: [],
    ownCertificate: true,
    ...(certificates.length > 0 ? { certificates } : {}),
  };
}

const configMapsIn =
  (catalog: Catalog) =>
  (reference: string, namespace: string): Readonly<Record<string, string>> | undefined => {
    const slash = reference.indexOf('/');
    const found =
      slash < 0
        ? catalog.find('/ConfigMap', namespace, reference)
        : catalog.find('/ConfigMap', reference.slice(0, slash), reference.slice(slash + 1));
    return found && stringMapOf(found.object.data);
  };
