// The Ingresses of a translation while they are collected: one per namespace of backends, with the paths of each host and the Secrets of
// its certificates.

import { type Path, pathKey } from './path-list.js';

export interface Ingresses {
  /** A host has one path of a kind and spelling: the first counts. */
  addPath(namespace: string, host: string, path: Path): void;
  addSecret(namespace: string, host: string, secret: string): void;
  hasPath(host: string, path: Path): boolean;
  /** Names of the hosts that have a path. */
  hosts(): ReadonlySet<string>;
  objects(): Record<string, unknown>[];
}

/** What comes into the Ingress of one namespace. */
interface Draft {
  /** By host, then by `pathKey`. */
  readonly rules: Map<string, Map<string, Path>>;
  /** Hosts by the Secret of their certificate. */
  readonly tls: Map<string, Set<string>>;
}

export function ingresses(): Ingresses {
  const drafts = new Map<string, Draft>();
  const draftOf = (namespace: string): Draft => {
    const draft = drafts.get(namespace) ?? { rules: new Map(), tls: new Map() };
    drafts.set(namespace, draft);
    return draft;
  };
  return {
    addPath(namespace, host, path) {
      const { rules } = draftOf(namespace);
      const paths = rules.get(host) ?? new Map<string, Path>();
      rules.set(host, paths);
      if (!paths.has(pathKey(path))) paths.set(pathKey(path), path);
    },
    addSecret(namespace, host, secret) {
      const { tls } = draftOf(namespace);
      tls.set(secret, (tls.get(secret) ?? new Set()).add(host));
    },
    hasPath: (host, path) => [...drafts.values()].some(({ rules }) => rules.get(host)?.has(pathKey(path))),
    hosts: () => new Set([...drafts.values()].flatMap(({ rules }) => [...rules.keys()])),
    objects: () =>
      [...drafts]
        .filter(([, { rules }]) => rules.size > 0)
        .map(([namespace, draft]) => ingressObject(namespace, draft)),
  };
}

function ingressObject(namespace: string, { rules, tls }: Draft): Record<string, unknown> {
  const [host, ...others] = rules.keys();
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: host && others.length === 0 ? host.replace(/^\*\./, 'any-').replace(/\./g, '-') : 'ingress',
      namespace,
    },
    spec: {
      ...(tls.size > 0
        ? { tls: [...tls].map(([secretName, names]) => ({ hosts: [...names].filter(Boolean), secretName })) }
        : {}),
      rules: [...rules].map(([host, paths]) => ({ ...(host ? { host } : {}), http: { paths: [...paths.values()] } })),
    },
  };
}
