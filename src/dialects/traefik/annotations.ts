// Annotations of Traefik on Ingresses and Services, as its label decoder reads them (github.com/traefik/paerser v0.2.2,
// parser/nodes_metadata.go and element_fill.go): names in any case, a value of the wrong kind is an error for the whole object, names nobody
// knows are too.

import { own, type Resource, table } from '../../model/index.js';
import { compareText } from '../../resources/fields.js';
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

/** `structure`: there where nothing or true is written; else neither it nor anything below it is looked at. `any`: nothing reads it. */
type Kind = 'text' | 'list' | 'boolean' | 'integer' | 'structure' | 'any';

/** Names in lower case; `.n.` stands for the number of an entry. */
const ROUTER = table<Kind>({
  'router.pathmatcher': 'text',
  'router.entrypoints': 'list',
  'router.middlewares': 'list',
  'router.priority': 'integer',
  'router.rulesyntax': 'text',
  'router.tls': 'structure',
  'router.tls.options': 'text',
  'router.tls.certresolver': 'text',
  'router.tls.domains': 'any',
  'router.tls.domains.n.main': 'text',
  'router.tls.domains.n.sans': 'list',
  'router.observability': 'structure',
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
  'service.sticky': 'structure',
  'service.sticky.cookie': 'structure',
  'service.sticky.cookie.name': 'text',
  'service.sticky.cookie.secure': 'boolean',
  'service.sticky.cookie.httponly': 'boolean',
  'service.sticky.cookie.samesite': 'text',
  'service.sticky.cookie.maxage': 'integer',
  'service.sticky.cookie.path': 'text',
  'service.sticky.cookie.domain': 'text',
});

type Values = ReadonlyMap<string, { readonly value: string; readonly key: string }>;

/** What is read, by its name in lower case. @throws Dropped for a value of the wrong kind. */
function valuesOf(resource: Resource, known: ReadonlyMap<string, Kind>, root: string): Values {
  const values = new Map<string, { readonly value: string; readonly key: string }>();
  const off = new Set<string>();
  // In this order: of names that differ in their case only the last counts.
  for (const key of Object.keys(resource.annotations).sort(compareText)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length).toLowerCase();
    if (!name.startsWith(root)) continue;
    const general = name.replace(/\.domains\.\d+\./, '.domains.n.').replace(/\.domains\[\d+\]\./, '.domains.n.');
    const kind = known.get(general);
    if (kind === undefined) throw new Dropped(`${key} is no annotation of Traefik`);
    const value = own(resource.annotations, key)!;
    values.set(general, { value, key });
    if (kind !== 'structure') continue;
    if (value === '' || value.toLowerCase() === 'true') off.delete(general);
    else off.add(general);
  }
  for (const [name, { value, key }] of values) {
    const isOff = [...off].some((structure) => name === structure || name.startsWith(`${structure}.`));
    const problem = isOff ? undefined : problemOf(known.get(name)!, value);
    if (problem) throw new Dropped(`${key}: ${problem}`);
    if (isOff) values.delete(name);
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
  if (kind === 'integer' && !isInteger(value)) return `${value} is no integer`;
  return undefined;
}

/** Of 64 bits. */
const isInteger = (text: string): boolean =>
  /^[+-]?\d{1,40}$/.test(text) && BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''));

const listed = (value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : value.split(',').map((part) => part.trim());

/** @throws Dropped */
export function routerSettings(resource: Resource): RouterSettings {
  const values = valuesOf(resource, ROUTER, 'router.');
  const text = (name: string): string | undefined => values.get(`router.${name}`)?.value;
  const [pathMatcher, ruleSyntax, priority] = [text('pathmatcher'), text('rulesyntax'), text('priority')];
  const tls = [...values.keys()].some((name) => /^router\.tls(?:\.|$)/.test(name));
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
  const cookie = [...values].find(([name]) => /^service\.sticky\.cookie(?:\.|$)/.test(name));
  return {
    ...(serversScheme ? { serversScheme } : {}),
    ...(serversTransport ? { serversTransport } : {}),
    ...(passHost === undefined ? {} : { passHostHeader: BOOLEANS.get(passHost)! }),
    ...(middlewares ? { middlewares: listed(middlewares) } : {}),
    ...(cookie ? { sticky: { name: text('sticky.cookie.name') ?? '', key: cookie[1].key } } : {}),
  };
}
