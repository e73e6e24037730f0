// What the annotations of one Ingress come to: the parsers of internal/ingress/annotations/* and Extract in
// annotations.go (kubernetes/ingress-nginx controller-v1.15.1), with the defaults of controller/config/config.go.

import { type Origin, own, type Resource } from '../../../model/index.js';
import { isEmpty, readSnippet, type Snippet } from '../snippets/snippet.js';
import { parseAddresses } from './addresses.js';
import { type AuthSettings, readAuth } from './auth-settings.js';
import { type CorsSettings, readCors } from './cors-settings.js';
import { type AnnotationSpec, annotationTable } from './table.js';
import { type AnnotationDefaults, type Annotations, annotationsOf, isOn, or } from './values.js';

export interface RewriteSettings {
  /** Empty: none. */
  readonly target: string;
  readonly sslRedirect: boolean;
  readonly forceSslRedirect: boolean;
  readonly preserveTrailingSlash: boolean;
  readonly useRegex: boolean;
  /** Empty: none. */
  readonly appRoot: string;
}

export interface RedirectSettings {
  /** Empty: no redirect (only its other settings). */
  readonly url: string;
  readonly status: number;
  readonly fromToWww: boolean;
  readonly relative: boolean;
  /** Name of the annotation that gave the URL. */
  readonly annotation: string;
}

export interface CanarySettings {
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string;
  readonly headerValue: string;
  readonly headerPattern: string;
  readonly cookie: string;
}

export interface Settings {
  readonly annotations: Annotations;
  /** Why every path of the Ingress answers 503. */
  readonly denied?: { readonly annotation: string; readonly reason: string };
  readonly rewrite: RewriteSettings;
  readonly redirect?: RedirectSettings;
  readonly canary?: CanarySettings;
  readonly cors?: CorsSettings;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly satisfyAny: boolean;
  readonly aliases: readonly string[];
  readonly auth: AuthSettings;
  /** Name of a Service. */
  readonly defaultBackend?: string;
  readonly customHttpErrors: readonly number[];
  readonly upstreamVhost?: string;
  readonly xForwardedPrefix?: string;
  /** `namespace/name` of a ConfigMap. */
  readonly customHeaders?: string;
  readonly connectionHeader?: string;
  /** Upper case: `HTTP`, `HTTPS`, `AUTO_HTTP`, `GRPC`, `GRPCS`, `FCGI`. */
  readonly backendProtocol: string;
  /** 0: no limit. */
  readonly maxBodyBytes: number;
  readonly snippets: Snippets;
}

/** By what they are put into: the locations of the Ingress, the server of the host, the question to auth-url. */
export type Snippets = Readonly<Partial<Record<SnippetName, Snippet>>>;
export const SNIPPETS = ['configuration-snippet', 'server-snippet', 'auth-snippet'] as const;
export type SnippetName = (typeof SNIPPETS)[number];

/** The controller leaves the whole Ingress out. */
export interface IgnoredIngress {
  readonly ignored: true;
  readonly annotation: AnnotationSpec;
  readonly origin: Origin;
}

/** `defaults`: of annotations that the Ingress does not have (the controller's ConfigMap). */
export function readSettings(resource: Resource, defaults?: AnnotationDefaults): Settings | IgnoredIngress {
  const a = annotationsOf(resource, defaults);
  const fatal = annotationTable.find(
    (spec) => spec.refusal === 'ingress-ignored' && isParsed(a, spec) && refused(a, spec),
  );
  if (fatal) return { ignored: true, annotation: fatal, origin: a.origin(fatal.name) };
  const redirect = readRedirect(a);
  const canary = readCanary(a);
  const cors = readCors(a);
  const defaultBackend = a.text('default-backend').value;
  const upstreamVhost = a.text('upstream-vhost').value;
  const xForwardedPrefix = a.text('x-forwarded-prefix').value;
  const customHeaders = a.text('custom-headers').value;
  const connectionHeader = a.text('connection-proxy-header').value;
  const allow = readAddresses(a, 'allowlist-source-range');
  const deny = readAddresses(a, 'denylist-source-range');
  const auth = readAuth(a);
  const denied = allow.denied ?? deny.denied ?? auth.denied;
  return {
    annotations: a,
    ...(denied ? { denied } : {}),
    rewrite: readRewrite(a),
    ...(redirect ? { redirect } : {}),
    ...(canary ? { canary } : {}),
    ...(cors ? { cors } : {}),
    allow: allow.list,
    deny: deny.list,
    satisfyAny: or(a.text('satisfy'), '').trim() === 'any',
    aliases: [...new Set(listOf(or(a.text('server-alias'), '')))].sort(),
    auth,
    ...(defaultBackend === undefined ? {} : { defaultBackend }),
    customHttpErrors: listOf(or(a.text('custom-http-errors'), '')).map(Number),
    ...(upstreamVhost === undefined ? {} : { upstreamVhost }),
    ...(xForwardedPrefix === undefined ? {} : { xForwardedPrefix }),
    ...(customHeaders === undefined ? {} : { customHeaders }),
    ...(connectionHeader === undefined ? {} : { connectionHeader }),
    backendProtocol: or(a.text('backend-protocol'), 'HTTP').toUpperCase(),
    maxBodyBytes: bodyBytes(or(a.text('proxy-body-size'), '1m')),
    snippets: readSnippets(a),
  };
}

function readSnippets(a: Annotations): Snippets {
  const read: Partial<Record<SnippetName, Snippet>> = {};
  for (const name of SNIPPETS) {
    const text = a.text(name).value;
    const snippet = text === undefined ? undefined : readSnippet(text);
    if (snippet && !isEmpty(snippet)) read[name] = snippet;
  }
  return read;
}

/** Whether a parser comes to look at the annotation at all: most groups stop early when their main annotation is missing. */
function isParsed(a: Annotations, spec: AnnotationSpec): boolean {
  if (spec.name === 'permanent-redirect' || spec.name === 'permanent-redirect-code') {
    return a.text('temporal-redirect').value === undefined;
  }
  if (spec.name.startsWith('upstream-hash-by-')) return true;
  return spec.needs === undefined || isOn(a, spec.needs);
}

function refused(a: Annotations, spec: AnnotationSpec): boolean {
  if (spec.aliasOf) return false; // read under its main name
  const read = a.text(spec.name);
  return read.value === undefined && read.why === 'refused';
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** rewrite/main.go: `app-root` has to be a path (url.ParseRequestURI, not IsAbs). */
function readRewrite(a: Annotations): RewriteSettings {
  const appRoot = or(a.text('app-root'), '');
  return {
    target: or(a.text('rewrite-target'), ''),
    sslRedirect: or(a.bool('ssl-redirect'), true),
    forceSslRedirect: or(a.bool('force-ssl-redirect'), false),
    preserveTrailingSlash: or(a.bool('preserve-trailing-slash'), false),
    useRegex: or(a.bool('use-regex'), false),
    appRoot: appRoot.startsWith('/') ? appRoot : '',
  };
}

/** redirect/redirect.go: temporal before permanent; a value that cannot be parsed voids the group. */
function readRedirect(a: Annotations): RedirectSettings | undefined {
  const reads = [a.bool('from-to-www-redirect'), a.bool('relative-redirects'), a.text('temporal-redirect')] as const;
  if (reads.some((r) => r.value === undefined && r.why !== 'missing')) return undefined;
  const fromToWww = reads[0].value ?? false;
  const relative = reads[1].value ?? false;
  const temporal = reads[2].value;
  if (temporal !== undefined) {
    const code = a.int('temporal-redirect-code');
    if (code.value === undefined && code.why !== 'missing') return undefined;
    if (!/^http[a-z0-9+.-]*:/i.test(temporal)) return undefined;
    const status = code.value !== undefined && code.value >= 300 && code.value <= 307 ? code.value : 302;
    return { url: temporal, status, fromToWww, relative, annotation: 'temporal-redirect' };
  }
  const permanent = a.text('permanent-redirect');
  const code = a.int('permanent-redirect-code');
  if ([permanent, code].some((r) => r.value === undefined && r.why !== 'missing')) return undefined;
  const url = permanent.value ?? '';
  if (url === '' && !fromToWww && !relative) return undefined;
  const status = code.value !== undefined && code.value >= 300 && code.value <= 308 ? code.value : 301;
  return { url, status, fromToWww, relative, annotation: 'permanent-redirect' };
}

/** canary/main.go. */
function readCanary(a: Annotations): CanarySettings | undefined {
  if (!or(a.bool('canary'), false)) return undefined;
  return {
    weight: or(a.int('canary-weight'), 0),
    weightTotal: or(a.int('canary-weight-total'), 100),
    header: or(a.text('canary-by-header'), ''),
    headerValue: or(a.text('canary-by-header-value'), ''),
    headerPattern: or(a.text('canary-by-header-pattern'), ''),
    cookie: or(a.text('canary-by-cookie'), ''),
  };
}

/** ipallowlist/main.go, ipdenylist/main.go: anything wrong denies every path. */
function readAddresses(
  a: Annotations,
  name: string,
): { readonly list: readonly string[]; readonly denied?: { readonly annotation: string; readonly reason: string } } {
  const read = a.text(name);
  if (read.value !== undefined) return { list: parseAddresses(read.value) ?? [] };
  if (read.why === 'missing') return { list: [] };
  return { list: [], denied: { annotation: name, reason: 'not a list of addresses and networks' } };
}

/** isValidByteSize in template.go; a size that it refuses leaves nginx's own default of 1m. */
function bodyBytes(text: string): number {
  const m = /^(\d{1,12})([kKmMgG]?)$/.exec(text.trim());
  if (!m) return 1024 * 1024;
  const unit = own({ '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }, m[2]!.toLowerCase()) ?? 1;
  return Number(m[1]) * unit;
}
