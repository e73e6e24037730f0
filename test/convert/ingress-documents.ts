// Ingresses of a text as plain data, without any reader of the program: what they leave open.
import { loadAll } from 'js-yaml';

export interface OpenIngress {
  /** ingress-nginx serves it: by its class, or by its annotations where the class says nothing. */
  readonly byNginx: boolean;
  /** Only the annotations say so. */
  readonly guessed: boolean;
  /** Nothing says whose it is. */
  readonly unknown: boolean;
  /** Requests go to a backend whose port is named, and its Service is not in the text. */
  readonly namedPorts: boolean;
  /** Somebody else decides who gets in. */
  readonly authenticated: boolean;
  /** A host of the rules is listed under `tls` without a Secret. */
  readonly bareTlsHosts: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
type Value = Record<string, any>;
const list = (value: unknown): Value[] => (Array.isArray(value) ? value.filter((v) => v && typeof v === 'object') : []);

export function ingressView(text: string): OpenIngress[] {
  const documents = (loadAll(text) as Value[]).flatMap((d) => (d?.kind === 'List' ? list(d.items) : d ? [d] : []));
  const services = new Set(documents.filter((d) => d.kind === 'Service').map((d) => d.metadata?.name));
  const classes = new Map(
    documents.filter((d) => d.kind === 'IngressClass').map((d) => [d.metadata?.name, d.spec?.controller as string]),
  );
  const byDefault = documents.find(
    (d) =>
      d.kind === 'IngressClass' && d.metadata?.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
  )?.metadata?.name;
  return documents.filter((d) => d.kind === 'Ingress').map((d) => open(d, services, classes, byDefault));
}

/** A redirect, or 503 because a list of addresses has something else in it: no request gets to the backend. */
function answersItself(annotations: Value): boolean {
  const of = (name: string): string => String(annotations[`nginx.ingress.kubernetes.io/${name}`] ?? '');
  const addresses = of('whitelist-source-range')
    .split(',')
    .map((a) => a.trim());
  return (
    /^https?:/.test(of('rewrite-target')) ||
    of('permanent-redirect') + of('temporal-redirect') !== '' ||
    addresses.some((a) => a !== '' && !/^[0-9a-fA-F.:]+(\/\d+)?$/.test(a))
  );
}

function open(
  d: Value,
  services: Set<string>,
  classes: Map<string, string>,
  byDefault: string | undefined,
): OpenIngress {
  const { annotations = {} } = d.metadata ?? {};
  const name: string | undefined = d.spec?.ingressClassName ?? annotations['kubernetes.io/ingress.class'] ?? byDefault;
  const controller = name === undefined ? undefined : classes.get(name);
  const own = Object.keys(annotations).some((key) => key.startsWith('nginx.ingress.kubernetes.io/'));
  const known = controller !== undefined || ['nginx', 'istio', 'traefik', 'kong', 'alb', 'gce'].includes(name ?? '');
  const guessed = !known && own;
  const byNginx = guessed || (controller?.includes('ingress-nginx') ?? name === 'nginx');
  const rules = list(d.spec?.rules);
  const backends = rules.flatMap((r) => list(r.http?.paths)).map((p) => p.backend ?? {});
  const named = backends.some((b) => {
    const port =
      b.service?.port?.name ??
      (typeof b.servicePort === 'string' && !/^\d+$/.test(b.servicePort) ? b.servicePort : undefined);
    return port !== undefined && !services.has(b.service?.name ?? b.serviceName);
  });
  const bare = new Set(list(d.spec?.tls).flatMap((t) => (t.secretName ? [] : ((t.hosts ?? []) as string[]))));
  return {
    byNginx,
    guessed,
    unknown: !known && !own,
    namedPorts: named && !answersItself(annotations),
    // Services of the text are all there are: a backend that is none of them answers 503, and nobody is asked.
    authenticated:
      annotations['nginx.ingress.kubernetes.io/auth-url'] !== undefined &&
      (services.size === 0 || backends.some((b) => services.has(b.service?.name ?? b.serviceName))),
    bareTlsHosts: rules.some((r) => bare.has(r.host)),
  };
}
