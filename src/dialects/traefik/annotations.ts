// Annotations of Traefik on Ingresses and Services, as its label decoder reads them (github.com/traefik/paerser): names in any case, a
// value of the wrong kind is an error for the whole object, names nobody knows are too.

import { type Resource, table } from '../../model/index.js';
import { Dropped } from './names.js';

const PREFIX = 'traefik.ingress.kubernetes.io/';

export interface RouterSettings {
  readonly pathMatcher?: string;
  readonly entryPoints: readonly string[];
  readonly middlewares: readonly string[];
  readonly priority?: number;
  readonly ruleSyntax?: string;
  readonly tls?: { readonly options?: string };
}

export interface ServiceSettings {
  readonly serversScheme?: string;
  readonly serversTransport?: string;
  readonly passHostHeader?: boolean;
  readonly middlewares?: readonly string[];
  readonly sticky?: { readonly name: string; readonly key: string };
}

type Kind = 'text' | 'list' | 'boolean' | 'integer';

/** Names in lower case; `.n.` stands for the number of an entry. */
const ROUTER = table<Kind>({
  'router.pathmatcher': 'text',
  'router.entrypoints': 'list',
  'router.middlewares': 'list',
  'router.priority': 'integer',
  'router.rulesyntax': 'text',
  'router.tls': 'boolean',
  'router.tls.options': 'text',
  'router.tls.certresolver': 'text',
  'router.tls.domains.n.main': 'text',
  'router.tls.domains.n.sans': 'list',
  'router.observability': 'boolean',
  'router.observability.accesslogs': 'boolean',
  'router.observability.metrics': 'boolean',
  'router.observability.tracing': 'boolean',
  'router.observability.traceverbosity': 'text',
});

const SERVICE = table<Kind>({
  'service.serversscheme': 'text',
  'service.serverstransport': 'text',
  'service.passhostheader': 'boolean',
  'service.middlewares': 'list',
  'service.nativelb': 'boolean',
  'service.nodeportlb': 'boolean',
  'service.sticky': 'boolean',
  'service.sticky.cookie': 'boolean',
  'service.sticky.cookie.name': 'text',
  'service.sticky.cookie.secure': 'boolean',
  'service.sticky.cookie.httponly': 'boolean',
  'service.sticky.cookie.samesite': 'text',
  'service.sticky.cookie.maxage': 'integer',
  'service.sticky.cookie.path': 'text',
  'service.sticky.cookie.domain': 'text',
});

type Values = ReadonlyMap<string, { readonly value: string; readonly key: string }>;

/** @throws Dropped for a value of the wrong kind. */
function valuesOf(resource: Resource, known: ReadonlyMap<string, Kind>, root: string): Values {
  const values = new Map<string, { readonly value: string; readonly key: string }>();
  for (const [key, value] of Object.entries(resource.annotations)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length).toLowerCase();
    if (!name.startsWith(root)) continue;
    const general = name.replace(/\.domains\.\d+\./, '.domains.n.').replace(/\.domains\[\d+\]\./, '.domains.n.');
    const kind = known.get(general);
    const wrong = kind === undefined ? `${key} is no annotation of Traefik` : problemOf(kind, value);
    if (wrong) throw new Dropped(kind === undefined ? wrong : `${key}: ${wrong}`);
    values.set(general, { value, key });
  }
  return values;
}

const BOOLEANS = table<boolean>({
  '1': true, t: true, T: true, TRUE: true, true: true, True: true,
  '0': false, f: false, F: false, FALSE: false, false: false, False: false,
}); // biome-ignore format: two lines

/** What is wrong with a value (strconv.ParseBool, ParseInt); undefined: nothing. */
function problemOf(kind: Kind, value: string): string | undefined {
  if (kind === 'boolean' && !BOOLEANS.has(value)) return `${value} is neither true nor false`;
  if (kind === 'integer' && !/^[+-]?\d+$/.test(value)) return `${value} is no integer`;
  return undefined;
}

const listed = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : value.split(',').map((part) => part.trim());

/** @throws Dropped */
export function routerSettings(resource: Resource): RouterSettings {
  const values = valuesOf(resource, ROUTER, 'router.');
  const text = (name: string): string | undefined => values.get(`router.${name}`)?.value;
  const [pathMatcher, ruleSyntax, priority] = [text('pathmatcher'), text('rulesyntax'), text('priority')];
  const tls = [...values.keys()].some((name) => name.startsWith('router.tls.')) || BOOLEANS.get(text('tls') ?? 'false');
  const options = text('tls.options');
  return {
    entryPoints: listed(text('entrypoints')),
    middlewares: listed(text('middlewares')),
    ...(pathMatcher ? { pathMatcher } : {}),
    ...(ruleSyntax ? { ruleSyntax } : {}),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(tls ? { tls: options ? { options } : {} } : {}),
  };
}

/** @throws Dropped */
export function serviceSettings(resource: Resource): ServiceSettings {
  const values = valuesOf(resource, SERVICE, 'service.');
  const text = (name: string): string | undefined => values.get(`service.${name}`)?.value;
  const [serversScheme, serversTransport, passHost, middlewares] = [text('serversscheme'), text('serverstransport'), text('passhostheader'), text('middlewares')]; // biome-ignore format: one line
  const cookie = [...values].find(
    ([name, { value }]) =>
      name.startsWith('service.sticky.cookie') && !(name === 'service.sticky.cookie' && !BOOLEANS.get(value)),
  );
  return {
    ...(serversScheme ? { serversScheme } : {}),
    ...(serversTransport ? { serversTransport } : {}),
    ...(passHost === undefined ? {} : { passHostHeader: BOOLEANS.get(passHost)! }),
    ...(middlewares ? { middlewares: listed(middlewares) } : {}),
    ...(cookie ? { sticky: { name: text('sticky.cookie.name') ?? '', key: cookie[1].key } } : {}),
  };
}
