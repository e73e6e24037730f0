// Traefik's static configuration, as far as it decides about routes: entry points and providers. Without a file: what the Helm chart of
// Traefik gives (values.yaml: `web` and `websecure`, the latter with TLS; empty Services allowed).

import { load } from 'js-yaml';
import { CannotRunError } from '../../diagnostics/index.js';
import { isObject, type Json, type JsonObject, own, table } from '../../model/index.js';
import { booleanOf, listOf, numberOf, objectOf, stringOf, stringsOf } from '../../resources/fields.js';

export interface EntryPoint {
  readonly name: string;
  readonly port: number;
  readonly asDefault: boolean;
  /** `http.tls`: its routers have TLS. */
  readonly tls?: { readonly options?: string };
  readonly middlewares: readonly string[];
  /** It has a model: routers get a copy of their own (aggregator.go, applyModel). */
  readonly hasModel: boolean;
  readonly redirect?: Redirection;
  /** `encodedCharacters` that are refused: `%2F`. */
  readonly denied: readonly string[];
  readonly sanitized: boolean;
  /** Addresses whose X-Forwarded-* count; `all`: `forwardedHeaders.insecure`. */
  readonly trusted: readonly string[] | 'all';
}

export interface Redirection {
  readonly scheme: string;
  readonly port: string;
  readonly permanent: boolean;
  readonly priority: number;
}

export interface IngressProvider {
  readonly ingressClass: string;
  readonly allowEmptyServices: boolean;
  readonly allowExternalNameServices: boolean;
  readonly strictPrefixMatching: boolean;
  readonly lookup: boolean;
  readonly crossProviderNamespaces?: readonly string[];
}

export interface CrdProvider {
  readonly ingressClass: string;
  readonly allowEmptyServices: boolean;
  readonly allowExternalNameServices: boolean;
  readonly allowCrossNamespace: boolean;
  readonly crossProviderNamespaces?: readonly string[];
  /** Each place that names a Service has servers of its own. */
  readonly safeNaming?: boolean;
}

export interface StaticConfig {
  readonly entryPoints: readonly EntryPoint[];
  readonly ingress?: IngressProvider;
  readonly crd?: CrdProvider;
  readonly defaultRuleSyntax: string;
  /** Providers, most preferred first; empty: equal priorities are decided by chance. */
  readonly precedence: readonly string[];
  readonly plugins: ReadonlySet<string>;
  readonly ping: boolean;
  readonly api: boolean;
  /** Nobody named a file. */
  readonly assumed: boolean;
}

const CHART: JsonObject = {
  entryPoints: {
    web: { address: ':80', asDefault: true },
    websecure: { address: ':443', asDefault: true, http: { tls: {} } },
  },
  providers: { kubernetesIngress: { allowEmptyServices: true }, kubernetesCRD: { allowEmptyServices: true } },
};

/** @throws CannotRunError where the text is no mapping of YAML. */
export function staticConfig(text: string | undefined): StaticConfig {
  const root = text === undefined ? CHART : parsed(text);
  const providers = section(root, 'providers');
  const has = (key: string): boolean => get(providers, key) !== undefined;
  return {
    entryPoints: entryPointsOf(section(root, 'entryPoints')),
    ...(has('kubernetesIngress') ? { ingress: ingressProvider(section(providers, 'kubernetesIngress')) } : {}),
    ...(has('kubernetesCRD') ? { crd: crdProvider(section(providers, 'kubernetesCRD')) } : {}),
    defaultRuleSyntax: stringOf(get(section(root, 'core'), 'defaultRuleSyntax')) ?? '',
    precedence: stringsOf(get(providers, 'precedence')),
    plugins: new Set(Object.keys({ ...section(section(root, 'experimental'), 'plugins'), ...section(section(root, 'experimental'), 'localPlugins') })), // biome-ignore format: one line
    ping: get(root, 'ping') !== undefined,
    api: get(root, 'api') !== undefined,
    assumed: text === undefined,
  };
}

function parsed(text: string): JsonObject {
  let value: unknown;
  try {
    value = load(text, { maxAliases: 100 });
  } catch (error) {
    throw notUsable(error instanceof Error ? error.message : String(error));
  }
  if (value === null || value === undefined) return {};
  if (!isObject(value as Json)) throw notUsable('it is not a mapping');
  return value as JsonObject;
}

const notUsable = (why: string): CannotRunError =>
  new CannotRunError(
    `the file of --traefik-static is not a static configuration of Traefik in YAML: ${why}`,
    'give traefik.yaml; what stands in arguments or in TOML has to be written in YAML first',
  );

/** Keys are read whatever their case (paerser). */
function get(object: JsonObject, key: string): Json | undefined {
  if (Object.hasOwn(object, key)) return own(object, key);
  const lower = key.toLowerCase();
  const found = Object.keys(object).find((k) => k.toLowerCase() === lower);
  return found === undefined ? undefined : own(object, found);
}

const section = (object: JsonObject, key: string): JsonObject => objectOf(get(object, key)) ?? {};

const flag = (object: JsonObject, key: string): boolean => booleanOf(get(object, key)) ?? false;

function ingressProvider(o: JsonObject): IngressProvider {
  return {
    ingressClass: stringOf(get(o, 'ingressClass')) ?? '',
    allowEmptyServices: flag(o, 'allowEmptyServices'),
    allowExternalNameServices: flag(o, 'allowExternalNameServices'),
    strictPrefixMatching: flag(o, 'strictPrefixMatching'),
    lookup: !flag(o, 'disableIngressClassLookup') && !flag(o, 'disableClusterScopeResources'),
    ...crossProvider(o),
  };
}

function crdProvider(o: JsonObject): CrdProvider {
  return {
    ingressClass: stringOf(get(o, 'ingressClass')) ?? '',
    allowEmptyServices: flag(o, 'allowEmptyServices'),
    allowExternalNameServices: flag(o, 'allowExternalNameServices'),
    allowCrossNamespace: flag(o, 'allowCrossNamespace'),
    safeNaming: flag(o, 'safeNaming'),
    ...crossProvider(o),
  };
}

function crossProvider(o: JsonObject): { readonly crossProviderNamespaces?: readonly string[] } {
  const list = get(o, 'crossProviderNamespaces');
  return Array.isArray(list) ? { crossProviderNamespaces: stringsOf(list) } : {};
}

/** pkg/config/static/entrypoints.go: a path with one of them is refused once one of the options is set. */
const ENCODED = table<string>({
  allowencodedslash: '%2F',
  allowencodedbackslash: '%5C',
  allowencodednullcharacter: '%00',
  allowencodedsemicolon: '%3B',
  allowencodedpercent: '%25',
  allowencodedquestionmark: '%3F',
  allowencodedhash: '%23',
});

/** `false`s of a set of options; an option that is absent allows. */
export function deniedCharacters(options: JsonObject, absent: boolean): readonly string[] {
  const given = new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  return [...ENCODED].flatMap(([key, character]) => ((booleanOf(given.get(key)) ?? absent) ? [] : [character]));
}

/** The entry point of the API and of ping, which is there without being named (static.Configuration.SetEffectiveConfiguration). */
const INTERNAL: EntryPoint = {
  name: 'traefik',
  port: 8080,
  asDefault: false,
  middlewares: [],
  hasModel: false,
  denied: [],
  sanitized: true,
  trusted: [],
};

/** Redirections stand before everything that users may set (math.MaxInt - 1). */
const BEFORE_ALL = Number.MAX_VALUE;

function entryPointsOf(all: JsonObject): readonly EntryPoint[] {
  const ports = new Map<string, number>();
  for (const [name, value] of Object.entries(all)) {
    const [, port, protocol = 'tcp'] =
      /:(\d+)(?:\/(\w+))?$/.exec(stringOf(get(objectOf(value) ?? {}, 'address')) ?? '') ?? [];
    if (port !== undefined && protocol.toLowerCase() !== 'udp') ports.set(name.toLowerCase(), Number(port));
  }
  const found = Object.entries(all).flatMap(([written, value]): EntryPoint[] => {
    const name = written.toLowerCase();
    const port = ports.get(name);
    if (port === undefined) return [];
    const entry = objectOf(value) ?? {};
    const http = section(entry, 'http');
    const tls = get(http, 'tls');
    const options = stringOf(get(section(http, 'tls'), 'options'));
    const forwarded = section(entry, 'forwardedHeaders');
    const middlewares = listOf(get(http, 'middlewares')).filter((m) => typeof m === 'string');
    const redirect = redirectionOf(section(section(http, 'redirections'), 'entryPoint'), ports);
    const encoded = get(http, 'encodedCharacters');
    const hasTls = tls !== undefined && tls !== null && tls !== false;
    return [
      {
        name: written,
        port,
        asDefault: flag(entry, 'asDefault'),
        ...(hasTls ? { tls: options === undefined ? {} : { options } } : {}),
        middlewares,
        hasModel: hasTls || middlewares.length > 0 || encoded !== undefined,
        ...(redirect ? { redirect } : {}),
        denied: encoded === undefined ? [] : deniedCharacters(section(http, 'encodedCharacters'), true),
        sanitized: booleanOf(get(http, 'sanitizePath')) ?? true,
        trusted: flag(forwarded, 'insecure') ? 'all' : stringsOf(get(forwarded, 'trustedIPs')),
      },
    ];
  });
  return found.some((e) => e.name === INTERNAL.name) ? found : [...found, INTERNAL];
}

function redirectionOf(o: JsonObject, ports: ReadonlyMap<string, number>): Redirection | undefined {
  const to = stringOf(get(o, 'to'));
  if (!to) return undefined;
  const port = /^:(\d+)$/.exec(to)?.[1] ?? ports.get(to.toLowerCase())?.toString();
  if (port === undefined) return undefined;
  return {
    scheme: stringOf(get(o, 'scheme')) ?? 'https',
    port,
    permanent: booleanOf(get(o, 'permanent')) ?? true,
    priority: numberOf(get(o, 'priority')) ?? BEFORE_ALL,
  };
}
