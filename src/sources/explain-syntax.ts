// What is wrong with a document that the parser refuses, in the words of somebody who wants to mend it.

import type { YAMLException } from 'js-yaml';
import type { Diagnostic } from '../diagnostics/index.js';
import type { SourceDocument } from '../model/index.js';
import type { SourceCode } from './codes.js';
import { finding } from './finding.js';
import { positionAt } from './position.js';

interface Explanation {
  readonly what: SourceCode;
  readonly message: string;
  /** Offset in the document, where it is not the parser's. */
  readonly at?: number;
}

/** What is looked at of a line: the tests below may take time quadratic in it. */
const MAX_LINE = 500;

const lineAround = (text: string, at: number): { start: number; line: string } => {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return { start, line: text.slice(start, Math.min(end < 0 ? text.length : end, start + MAX_LINE)) };
};

/** The last quote before `at` that begins a value and is not closed on its line. */
function openQuote(text: string, at: number): number | undefined {
  for (let end = at; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    const found = /(?:[:[{,-]\s+|^\s*|[[{,])(["'])/g;
    for (let match = found.exec(line); match; match = found.exec(line)) {
      const quote = match[1] ?? '"';
      const open = match.index + match[0].length - 1;
      const close = line.indexOf(quote, open + 1);
      if (close < 0) return start + open;
      found.lastIndex = close + 1;
    }
    end = start - 1;
  }
  return undefined;
}

/** The first `{{` up to `end` that stands where a value, a key or a line begins: not one inside quoted text. */
function templateBefore(text: string, end: number): number | undefined {
  const found = /(?:^|:[ \t]|-[ \t])[ \t]*\{\{/m.exec(text.slice(0, end));
  return found ? found.index + found[0].length - 2 : undefined;
}

const escapeOf = (ch: number) => `U+${ch.toString(16).toUpperCase().padStart(4, '0')}`;

/** What the parser stopped at. */
interface Failure {
  readonly text: string;
  /** The parser's words. */
  readonly reason: string;
  /** Its offset, and the line that it stands in. */
  readonly at: number;
  readonly start: number;
  readonly line: string;
}

/** One cause that is recognised; undefined: it is another. */
type Cause = (failure: Failure) => Explanation | undefined;

const syntax = (message: string, at?: number): Explanation => ({
  what: 'syntax',
  message,
  ...(at === undefined ? {} : { at }),
});

const template: Cause = ({ text, reason, start, line }) => {
  const at = templateBefore(text, reason.includes('complex key') ? text.length : start + line.length);
  if (at === undefined) return undefined;
  const message = 'this is a template with `{{ … }}`: render it first, e.g. `helm template CHART | meshgw lint -`';
  return { what: 'template', message, at };
};

/** A name in braces with text after it, as Python's `format` fills it in: `image: {user}/web:1`. YAML reads a mapping and stops at the text. */
const IN_BRACES = /:[ \t]+(\{[A-Za-z_]\w*\})[^\s,}\]]/;

const bracesToFill: Cause = ({ text, start, line }) => {
  // The parser stops at the end of the value, or where the next line begins.
  const before = text.lastIndexOf('\n', start - 2) + 1;
  for (const from of [start, before]) {
    const found = IN_BRACES.exec(from === start ? line : text.slice(from, Math.min(start, from + MAX_LINE)));
    if (!found) continue;
    const message = `${found[1]} is a placeholder that another tool fills in: fill it in first, or quote the text`;
    return { what: 'template', message, at: from + found.index + found[0].indexOf('{') };
  }
  return undefined;
};

const duplicateKey: Cause = ({ text, reason, at }) => {
  if (!reason.includes('duplicated mapping key')) return undefined;
  const quote = /["']/.test(text[at - 1] ?? '') ? text[at - 1] : undefined;
  const name = quote ? text.slice(at, text.indexOf(quote, at)) : (/^[^:\s]*/.exec(text.slice(at, at + 200))?.[0] ?? '');
  return {
    what: 'duplicateKey',
    message: `the key \`${name}\` appears twice in one mapping: remove one, or put both values under one key`,
    at: quote ? at - 1 : at,
  };
};

const expansion: Cause = ({ reason }) => {
  if (reason.startsWith('nesting exceeded'))
    return {
      what: 'expansion',
      message: 'the document is nested more than 100 levels deep, which no Kubernetes object is',
    };
  if (reason.startsWith('merge keys exceeded') || reason.startsWith('abnormal merge'))
    return {
      what: 'expansion',
      message: 'the merge keys (`<<`) of this document copy more than 10,000 keys: write out the keys that are needed',
    };
  return undefined;
};

const character: Cause = ({ text, reason, at }) => {
  if (reason.includes('null byte')) return syntax('NUL byte (0x00): YAML does not allow it, remove it');
  if (!reason.includes('non-printable')) return undefined;
  const bad = /[\p{Cs}\uFFFE\uFFFF]|(?![\t\n\r\u0085])\p{Cc}/u.exec(text);
  const place = bad?.index ?? at;
  return syntax(
    `the character ${escapeOf(text.charCodeAt(place))} is not printable: YAML allows it only as an escape in double quotes`,
    place,
  );
};

const tab: Cause = ({ reason, start, line }) =>
  reason.includes('tab characters') || /^ *\t/.test(line)
    ? syntax('a tab indents this line: YAML indents by spaces only', start + Math.max(0, line.indexOf('\t')))
    : undefined;

const unclosed: Cause = ({ text, reason, at }) => {
  if (/within a (?:double|single) quoted/.test(reason) || reason === 'deficient indentation') {
    const quote = openQuote(text, at);
    if (quote !== undefined)
      return syntax(`the quote ${text[quote]} that opens here is never closed: close it on its line`, quote);
    if (reason === 'deficient indentation')
      return syntax(
        'this line is indented less than the `[…]` or `{…}` it belongs to: indent it, or close the bracket before it',
      );
  }
  return reason.includes('within a flow collection')
    ? syntax('the document ends inside `[…]` or `{…}`: close the bracket')
    : undefined;
};

const missingComma: Cause = ({ reason }) =>
  reason.includes('missed comma') ? syntax('a comma is missing between two entries of `[…]` or `{…}`') : undefined;

const NO_ANCHOR = 'unidentified alias ';

/** Of values that YAML has and Kubernetes has not, or that need quotes. */
const value: Cause = ({ reason, line }) => {
  if (reason.startsWith(NO_ANCHOR))
    return syntax(
      `no anchor ${reason.slice(NO_ANCHOR.length).replaceAll('"', '`')} before this alias: quote the value if it is text that begins with \`*\``,
    );
  if (reason.includes('complex key'))
    return syntax('a mapping, a list or null is used as a key: Kubernetes has text keys only; quote it if it is text');
  if (reason.includes('no number of JSON'))
    return syntax(
      '`.nan` and `.inf` are not JSON numbers, so kubectl rejects the document: write a number, or quote it if it is text',
    );
  if (/^[\s-]*(?:[^\s:#'"][^:#]*:\s+)?[@`]/.test(line))
    return syntax('a value cannot begin with `@` or a backtick: quote it');
  return undefined;
};

/** Output of two commands in one file, most often. */
const secondJson: Cause = ({ reason, text, at }) =>
  reason.startsWith('end of the stream') &&
  /^\s*[{[]/.test(text) &&
  /[}\]]\s*$/.test(text.slice(Math.max(0, at - MAX_LINE), at))
    ? syntax(
        'the JSON value ends before this: put each into a file of its own, or `---` on a line of its own between two of them',
      )
    : undefined;

const indentation: Cause = ({ reason, line }) => {
  if (reason === 'bad indentation of a mapping entry' && /:\s.*:(?:\s|$)/.test(line))
    return syntax(
      'a second `: ` in one line: quote the value if the colon is part of it, or put the inner key on its own line',
    );
  return reason.includes('bad indentation') ||
    reason.includes('block mapping entry') ||
    reason.startsWith('end of the stream')
    ? syntax('this line does not fit the lines above: check its indentation, and that each key ends in `:`')
    : undefined;
};

const unknownEscape: Cause = ({ reason }) =>
  reason.includes('unknown escape')
    ? syntax('this backslash sequence does not exist in double quotes: write `\\\\`, or use single quotes')
    : undefined;

/** The first that is recognised counts: a template breaks YAML in any way, and a tab is seen where the parser names something else. */
const CAUSES: readonly Cause[] = [
  template,
  bracesToFill,
  duplicateKey,
  expansion,
  character,
  tab,
  unclosed,
  missingComma,
  value,
  secondJson,
  indentation,
  unknownEscape,
];

function explain(text: string, reason: string, at: number): Explanation {
  const failure: Failure = { text, reason, at, ...lineAround(text, at) };
  for (const cause of CAUSES) {
    const found = cause(failure);
    if (found) return found;
  }
  return syntax(`not valid YAML: ${reason}`);
}

/** The line that an offset is in. */
function lineOf(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end).replace(/\r$/, '');
}

/** The diagnostic for an exception of js-yaml; its place is in the file, not in the document. */
export function explainSyntax(document: SourceDocument, text: string, error: YAMLException): Diagnostic {
  const offset = Math.min(error.mark?.position ?? 0, text.length);
  const { what, message, at } = explain(text, error.reason, offset);
  const place = at ?? offset;
  const source = lineOf(document.text, place);
  const found = finding(what, message, positionAt(document, place));
  return source.trim() === '' ? found : { ...found, source };
}
