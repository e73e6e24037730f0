// What a snippet of nginx configuration does, as far as it is one of the few things that most snippets do: headers of requests and
// answers, answers of its own (`return`, `rewrite … permanent`), also behind a simple `if`, and lists of addresses. Whatever else it
// holds is named, and stays unknown.
//
// Sources: ngx_http_headers_module (add_header), ngx_http_proxy_module (proxy_set_header, proxy_hide_header), ngx_http_rewrite_module
// (if, return, rewrite), ngx_http_access_module (allow, deny), and openresty/headers-more-nginx-module (more_…).

import { parseAddresses } from '../annotations/addresses.js';
import { type Directive, parseDirectives } from './directives.js';

/** A header line: its name in lower case, its value with variables of nginx. */
export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

export interface Snippet {
  /** `more_set_headers` and `more_clear_headers`, in order: without a value the header is taken away. */
  readonly moreHeaders: readonly (HeaderLine | { readonly name: string; readonly value?: undefined })[];
  /** `add_header`: without `always` only with the statuses of ADD_HEADER_STATUSES. */
  readonly addHeaders: readonly (HeaderLine & { readonly always: boolean })[];
  /** `proxy_hide_header`. */
  readonly hidden: readonly string[];
  /** `more_set_input_headers`, `more_clear_input_headers`. */
  readonly inputHeaders: readonly (HeaderLine | { readonly name: string; readonly value?: undefined })[];
  /** `proxy_set_header`: an empty value takes the header away. */
  readonly proxyHeaders: readonly HeaderLine[];
  /** In the order of the text. */
  readonly answers: readonly SnippetAnswer[];
  /** `allow` and `deny`, in order; the first that has the address decides. */
  readonly access: readonly { readonly allow: boolean; readonly addresses: readonly string[] | 'all' }[];
  /** Directives that were not understood, each as it is reported. */
  readonly unknown: readonly string[];
  /** Directives that the controller's own make needless (`proxy_set_header Upgrade`), and what is to be said of them. */
  readonly needless: readonly string[];
}

/** `return` and `rewrite … permanent`, perhaps in an `if`. */
export interface SnippetAnswer {
  readonly test?: SnippetTest;
  readonly status: number;
  /** The URL of a redirect, or the text; absent: nginx's own page. */
  readonly text?: string;
  /** `rewrite PATTERN …`: of the path. */
  readonly pattern?: string;
}

export interface SnippetTest {
  /** Without `$`. */
  readonly variable: string;
  /** `true`: not empty and not `0`. */
  readonly operator: '=' | '!=' | '~' | '~*' | '!~' | '!~*' | 'true';
  readonly value: string;
}

type Draft = { -readonly [K in keyof Snippet]: Snippet[K][number][] };

/** http://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header */
export const ADD_HEADER_STATUSES: readonly number[] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

export function readSnippet(text: string): Snippet {
  const draft: Draft = {
    ...{ moreHeaders: [], addHeaders: [], hidden: [], inputHeaders: [], proxyHeaders: [] },
    ...{ answers: [], access: [], unknown: [], needless: [] },
  };
  const directives = parseDirectives(text);
  if (!directives) draft.unknown.push('invalid nginx configuration');
  for (const directive of directives ?? []) if (!readDirective(directive, draft)) draft.unknown.push(told(directive));
  return draft;
}

/** Nothing in it has an effect. */
export const isEmpty = (snippet: Snippet): boolean => Object.values(snippet).every((list) => list.length === 0);

/** Cut short: snippets may hold whole programs. */
const told = ({ name, args }: Directive): string => {
  const text = [name, ...args].join(' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** False: it is not understood. */
function readDirective(directive: Directive, draft: Draft): boolean {
  const { name, args, block } = directive;
  if (name === 'if') return readIf(directive, draft);
  if (block) return false;
  switch (name) {
    case 'more_set_headers':
      return readMore(args, draft.moreHeaders);
    case 'more_clear_headers':
      return readClear(args, draft.moreHeaders);
    case 'more_set_input_headers':
      return readMore(args, draft.inputHeaders);
    case 'more_clear_input_headers':
      return readClear(args, draft.inputHeaders);
    case 'add_header':
      return readAdd(args, draft);
    case 'proxy_set_header':
      return readProxy(args, draft);
    case 'proxy_hide_header':
      return args.length === 1 && isName(args[0]) && draft.hidden.push(args[0].toLowerCase()) > 0;
    case 'allow':
    case 'deny':
      return readAccess(name === 'allow', args, draft);
    case 'return':
    case 'rewrite': {
      const answer = readAnswer(directive);
      return answer !== undefined && draft.answers.push(answer) > 0;
    }
    default:
      return false;
  }
}

const NAME = /^[A-Za-z0-9-]+$/;
const isName = (text: string | undefined): text is string => text !== undefined && NAME.test(text);

/** Answers have these from elsewhere, or nginx treats them in a way of their own. */
const OWN_ANSWER_HEADERS = new Set([
  ...['content-length', 'content-type', 'content-encoding', 'transfer-encoding', 'connection', 'date', 'location'],
  ...['last-modified', 'etag', 'server', 'set-cookie'],
]);

/** `Name: value`, `Name:` and `Name` (taken away); options narrow it down, which a route has no word for. */
function readMore(args: readonly string[], list: Draft['moreHeaders']): boolean {
  const lines = args.map((arg) => /^([A-Za-z0-9-]+)\s*(?::\s*(.*?)\s*)?$/s.exec(arg));
  if (lines.length === 0 || lines.some((line) => !line || OWN_ANSWER_HEADERS.has(line[1]!.toLowerCase()))) return false;
  for (const line of lines) {
    const name = line![1]!.toLowerCase();
    list.push(line![2] ? { name, value: line![2] } : { name });
  }
  return true;
}

/** A star at the end stands for many names, which no route can take away. */
function readClear(args: readonly string[], list: Draft['moreHeaders']): boolean {
  const names = args.map((arg) => arg.replace(/:\s*$/, ''));
  if (names.length === 0 || !names.every(isName)) return false;
  for (const name of names) list.push({ name: name.toLowerCase() });
  return true;
}

function readAdd([name, value, always, ...more]: readonly string[], draft: Draft): boolean {
  if (!isName(name) || value === undefined || more.length > 0 || (always ?? 'always') !== 'always') return false;
  if (OWN_ANSWER_HEADERS.has(name.toLowerCase()) && name.toLowerCase() !== 'set-cookie') return false;
  // An empty value adds nothing (ngx_http_add_header).
  if (value !== '') draft.addHeaders.push({ name: name.toLowerCase(), value, always: always !== undefined });
  return true;
}

/** The controller's own lines: a second one does not take their place, the destination gets both (ngx_http_proxy_init_headers). */
const TWICE = new Set([
  ...[
    'x-real-ip',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-forwarded-scheme',
  ],
  ...['x-scheme', 'x-original-forwarded-for', 'x-request-id'],
]);
const UPGRADE = /^(\$http_upgrade|\$connection_upgrade|upgrade|websocket)$/i;
const OWN_REQUEST_HEADERS = new Set([
  ...['host', 'connection', 'upgrade', 'content-length', 'transfer-encoding', 'te', 'keep-alive', 'expect', 'proxy'],
  ...['ssl-client-cert', 'ssl-client-verify', 'ssl-client-subject-dn', 'ssl-client-issuer-dn', 'authorization'],
]);

function readProxy([name, value, ...more]: readonly string[], draft: Draft): boolean {
  if (!isName(name) || value === undefined || more.length > 0) return false;
  const lower = name.toLowerCase();
  if ((lower === 'upgrade' || lower === 'connection') && UPGRADE.test(value)) {
    draft.needless.push(`proxy_set_header ${name}: upgrades to WebSockets are passed on without it`);
    return true;
  }
  if (lower === 'host' && /^\$\{?(http_host|best_http_host|host)\}?$/.test(value)) {
    draft.needless.push('proxy_set_header Host: the destination gets the host of the request without it');
    return true;
  }
  if (OWN_REQUEST_HEADERS.has(lower)) return false;
  if (TWICE.has(lower))
    draft.needless.push(
      `proxy_set_header ${name}: the controller sends a line of its own too, so that the destination gets two; one is written`,
    );
  draft.proxyHeaders.push({ name: lower, value });
  return true;
}

function readAccess(allow: boolean, [text, ...more]: readonly string[], draft: Draft): boolean {
  if (text === undefined || more.length > 0) return false;
  const addresses = text === 'all' ? 'all' : parseAddresses(text);
  if (!addresses || addresses.length === 0) return false;
  draft.access.push({ allow, addresses });
  return true;
}

/** `return CODE [text]`, `return URL` and `rewrite PATTERN URL redirect|permanent`; 444 closes the connection, which no route does. */
function readAnswer({ name, args }: Directive): SnippetAnswer | undefined {
  if (name === 'rewrite') {
    const [pattern, text, flag, ...more] = args;
    const isUrl = text !== undefined && /^(https?:\/\/|\$scheme:\/\/|\/)/.test(text);
    if (pattern === undefined || !isUrl || more.length > 0 || (flag !== 'permanent' && flag !== 'redirect'))
      return undefined;
    return { status: flag === 'permanent' ? 301 : 302, text, pattern };
  }
  const [first = '', text, ...more] = args;
  if (more.length > 0) return undefined;
  if (/^(https?:\/\/|\$scheme)/.test(first)) return text === undefined ? { status: 302, text: first } : undefined;
  const status = Number(first);
  if (!/^\d{3}$/.test(first) || status < 200 || status > 599 || status === 444 || status === 499) return undefined;
  return { status, ...(text === undefined ? {} : { text }) };
}

/** `if (…) { return …; }` and nothing else in it: other blocks replace the settings of the location in ways of their own. */
function readIf({ args, block = [] }: Directive, draft: Draft): boolean {
  const [only, ...more] = block;
  const test = readTest(args);
  if (!test || !only || more.length > 0 || only.block) return false;
  if (only.name !== 'return' && only.name !== 'rewrite') return false;
  const answer = readAnswer(only);
  if (!answer || (answer.pattern !== undefined && answer.pattern !== '^')) return false;
  draft.answers.push({ ...answer, test });
  return true;
}

const OPERATORS: readonly string[] = ['=', '!=', '~', '~*', '!~', '!~*'];

/** The words between the parentheses, which may stick to the first and the last of them. */
function readTest(args: readonly string[]): SnippetTest | undefined {
  const words = [...args];
  if (!words[0]?.startsWith('(') || !words.at(-1)?.endsWith(')')) return undefined;
  words[0] = words[0].slice(1);
  words[words.length - 1] = words.at(-1)!.slice(0, -1);
  const [variable = '', operator, value, ...more] = words.filter((word, i) => word !== '' || i === 2);
  const name = /^\$\{?([A-Za-z0-9_]+)\}?$/.exec(variable)?.[1];
  if (name === undefined || more.length > 0) return undefined;
  if (operator === undefined) return { variable: name, operator: 'true', value: '' };
  if (!OPERATORS.includes(operator) || value === undefined) return undefined;
  return { variable: name, operator: operator as SnippetTest['operator'], value };
}
