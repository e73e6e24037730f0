// Hurl files: what of them a gateway answers. Their responses are those of gateway and application together, so of an answer of 200 to 299
// only is asked that the request is forwarded (or answered 200); a redirect, a refusal and its headers are those of the gateway. What is
// left out is a note with its line.

import { CannotRunError } from '../diagnostics/index.js';
import { put } from '../model/index.js';
import type { ExpectedResult, RequestCase } from './expectation.js';
import { requestFromUrl } from './from-url.js';
import { type HurlEntry, type HurlLine, type HurlPart, hurlEntries } from './hurl-lines.js';

type Note = (line: number, text: string) => void;

export function readHurl(text: string, notes: string[]): RequestCase[] {
  const note: Note = (line, what) => notes.push(`line ${line}: ${what}`);
  return hurlEntries(text).flatMap((entry) => {
    const request = requestOf(entry.request, note);
    if (!request) return [];
    const expected = entry.response && expectedOf(entry, entry.response, note);
    return [{ name: `line ${entry.request.first.line}`, request, ...(expected ? { expected } : {}) }];
  });
}

const TEMPLATE = /\{\{[^}]*\}\}/;

/** Undefined: it depends on what is not in the file. */
function requestOf(part: HurlPart, note: Note): RequestCase['request'] | undefined {
  const { first, headers, sections } = part;
  const lines = [first, ...headers, ...sections.flatMap((s) => s.lines), ...part.body];
  const open = lines.find((l) => TEMPLATE.test(l.text));
  if (open) {
    note(first.line, `left out: ${TEMPLATE.exec(open.text)![0]} in line ${open.line} is not known`);
    return undefined;
  }
  const [method, url] = withoutComment(first.text).split(/[ \t]+/) as [string, string];
  const lists = (...names: string[]) => sections.filter((s) => names.includes(s.name)).flatMap((s) => s.lines);
  const query = lists('Query', 'QueryStringParams').map(pairOf).map(encoded);
  const form = lists('Form', 'FormParams').map(pairOf).map(encoded);
  const cookies = lists('Cookies').map(pairOf);
  const [user] = lists('BasicAuth').map(pairOf);
  const sent = [
    ...headers.map((h) => withoutComment(h.text)),
    ...(cookies.length > 0 ? [`cookie: ${cookies.map(([name, value]) => `${name}=${value}`).join('; ')}`] : []),
    ...(user ? [`authorization: Basic ${Buffer.from(user.join(':')).toString('base64')}`] : []),
    ...(form.length > 0 ? ['content-type: application/x-www-form-urlencoded'] : []),
  ];
  for (const { name, at } of sections) if (!READ_OF_REQUEST.has(name)) note(at, `[${name}] of the request is not used`);
  const data = form.length > 0 ? form.join('&') : bodyOf(part, note);
  try {
    return requestFromUrl(withQuery(url, query), { method, headers: sent, data });
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    note(first.line, `left out: ${error.message}`);
    return undefined;
  }
}

const READ_OF_REQUEST = new Set(['Query', 'QueryStringParams', 'Form', 'FormParams', 'Cookies', 'BasicAuth']);

/** ` # …` at the end of a line; a `#` inside a word is text. */
const withoutComment = (text: string): string => text.replace(/[ \t]#.*$/, '').trim();

function pairOf({ text }: HurlLine): [string, string] {
  const plain = withoutComment(text);
  const colon = plain.indexOf(':');
  return [plain.slice(0, colon).trim(), plain.slice(colon + 1).trim()];
}

const encoded = ([name, value]: readonly [string, string]): string =>
  `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

function withQuery(url: string, query: readonly string[]): string {
  if (query.length === 0) return url;
  const [before, fragment] = url.split('#') as [string, string?];
  return `${before}${before.includes('?') ? '&' : '?'}${query.join('&')}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** JSON, XML, and what stands between fences or backquotes as it is; of other kinds none. */
function bodyOf({ body }: HurlPart, note: Note): string | undefined {
  const lines = body.map((l) => l.text);
  while (lines.at(-1)?.trim() === '' || lines.at(-1)?.trim().startsWith('#')) lines.pop();
  const [head] = lines;
  if (head === undefined) return undefined;
  const fence = /^\s*```[A-Za-z,]*$/.exec(head);
  if (fence)
    return /^(?:json|xml|raw|graphql)?$/i.test(head.trim().slice(3)) ? `${lines.slice(1, -1).join('\n')}\n` : odd();
  const quoted = /^\s*(`{1,3})([^`]*)\1\s*$/.exec(lines.join('\n'));
  if (quoted) return quoted[2]!;
  return /^\s*[{["<]/.test(head) ? lines.join('\n') : odd();

  function odd(): undefined {
    note(body[0]!.line, 'this kind of body is not used');
    return undefined;
  }
}

function expectedOf({ request }: HurlEntry, response: HurlPart, note: Note): ExpectedResult | undefined {
  const options = request.sections.filter((s) => s.name === 'Options').flatMap((s) => s.lines.map(pairOf));
  if (options.some(([name, value]) => name === 'location' && value === 'true')) {
    note(response.first.line, 'the answer is not checked: redirects are followed ([Options] location)');
    return undefined;
  }
  const asserts = response.sections.filter((s) => s.name === 'Asserts').flatMap((s) => s.lines);
  const status = statusOf(response.first, asserts);
  const isAnswered = status !== undefined && status >= 200 && status < 300;
  const headers: Record<string, string> = {};
  const checkHeader = (line: number, name: string, value: string) => {
    if (status === undefined || isAnswered) note(line, `header ${name} is not checked: it may be the application's`);
    else if (TEMPLATE.test(value)) note(line, `header ${name} is not checked: its value is not known`);
    else put(headers, name.toLowerCase(), value);
  };
  for (const header of response.headers) checkHeader(header.line, ...pairOf(header));
  for (const { line, text } of asserts) {
    const header = HEADER_ASSERT.exec(text);
    if (header) checkHeader(line, header[1]!, header[2]!);
    else if (!STATUS_ASSERT.test(text)) note(line, `not checked: ${text}`);
  }
  for (const { name, at } of response.sections) if (name !== 'Asserts') note(at, `[${name}] is not used`);
  if (response.body.some((l) => l.text.trim() !== '')) note(response.body[0]!.line, 'the body is not checked');
  if (isAnswered && status !== 200)
    note(response.first.line, `status ${status} is taken for an answer of the application`);
  return {
    ...(status === undefined ? {} : { status: isAnswered ? 200 : status }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}

const STATUS_ASSERT = /^status[ \t]+==[ \t]+(\d{3})[ \t]*(?:#.*)?$/;
const HEADER_ASSERT = /^header[ \t]+"([^"]+)"[ \t]+==[ \t]+"([^"\\]*)"[ \t]*(?:#.*)?$/;

/** Undefined: `HTTP *` without an assert of it. */
function statusOf({ text }: HurlLine, asserts: readonly HurlLine[]): number | undefined {
  const written = /[ \t](\d{3})\b/.exec(text)?.[1] ?? asserts.map((a) => STATUS_ASSERT.exec(a.text)?.[1]).find(Boolean);
  return written === undefined ? undefined : Number(written);
}
