// Text from strangers' files on its way to a terminal or the log of a CI job: it must not command either of them, nor fill them.
// CI runners take `::name::` at the beginning of a line, also after blanks, and `##[name]`, `##vso[…]`, `##teamcity[…]` anywhere for
// commands; terminals take control characters for commands, and show text with direction marks as something else than it is.

/** A longer run of characters without a blank is cut. About two lines of a terminal. */
export const LONGEST_WORD = 200;
/** A longer message is cut in its middle. */
export const LONGEST_MESSAGE = 2000;

/** What is cut says how long it was; no message repeats a value of megabytes. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  const words = withoutLongWords(text);
  if (words.length <= LONGEST_MESSAGE) return words;
  const end = LONGEST_MESSAGE / 4;
  return `${cutAt(words, LONGEST_MESSAGE - end)} …(${text.length} characters)… ${words.slice(-end)}`;
}

/** Quantifiers without a bound overflow the stack on values of megabytes: the end of a word is looked for by itself. */
function withoutLongWords(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(LONG_WORD)) {
    const end = index + LONGEST_WORD + text.slice(index + LONGEST_WORD).search(/\s|$/);
    parts.push(
      text.slice(from, index),
      cutAt(text.slice(index, end), LONGEST_WORD / 2),
      `…(${end - index} characters)`,
    );
    from = end;
  }
  return parts.join('') + text.slice(from);
}

const LONG_WORD = new RegExp(`(?<=^|\\s)\\S{${LONGEST_WORD + 1}}`, 'g');

/** The beginning, without half of a surrogate pair. */
const cutAt = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

/** As JSON and YAML between quotes spell it, so that data stays the same there. */
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

const COLOUR = `${String.fromCharCode(27)}\\[[\\d;]*m`;
/** Control characters but tabs, line breaks and the colours of our own; marks that turn the direction of text. */
const ODD = new RegExp(`(?!\\t|\\r?\\n|${COLOUR})[\\p{Cc}\\p{Bidi_Control}]`, 'gu');
/** Its first character is escaped. */
const COMMAND = /#(?=#\w{0,40}\[)/g;
const SUSPECT = new RegExp(`${ODD.source}|${COMMAND.source}|::`, 'u');

export interface NeutraliseOptions {
  /** Whether the text begins a line, or follows blanks only. Default true. */
  readonly atLineStart?: boolean;
  /** The lines are commands to CI on purpose (`-o github`). */
  readonly commands?: boolean;
}

/** The text without anything that a terminal or a CI runner takes for a command; a JSON document stays the same document. */
export function neutralised(text: string, { atLineStart = true, commands = false }: NeutraliseOptions = {}): string {
  if (!SUSPECT.test(text)) return text;
  const plain = text.replace(ODD, escaped).replace(COMMAND, escaped);
  if (commands) return plain;
  return withoutLineCommands(plain, atLineStart);
}

/** Runners skip every blank before `::`. */
function withoutLineCommands(text: string, atLineStart: boolean): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('::'); at >= 0; at = text.indexOf('::', at + 2)) {
    let before = at;
    while (before > from && BLANK.test(text[before - 1]!)) before--;
    const begins = before === 0 ? atLineStart : before === from ? false : /[\r\n]/.test(text[before - 1]!);
    if (!begins) continue;
    parts.push(text.slice(from, at), '\\u003a');
    from = at + 1;
  }
  return parts.join('') + text.slice(from);
}

const BLANK = /[^\S\r\n]|\u0085/;

/** One line of a message: line breaks and control characters are shown as escapes, long values are cut. */
export const oneLine = (text: string): string =>
  shortened(text)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll(/(?!\t)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, escaped);

/** Whether a value has to stand between double quotes in YAML, where it can be escaped. */
export const needsQuotes = (value: string): boolean =>
  /[\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(value) || neutralised(value) !== value;

/** For a document whose suspicious values stand between double quotes. */
export const escapedInQuotes = (text: string): string =>
  text.replaceAll(/[\p{Zl}\p{Zp}]/gu, escaped).replace(ODD, escaped);
