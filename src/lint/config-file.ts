// meshgw.config.yaml, found upwards from a folder; its schema for editors is schemas/meshgw.config.schema.json. What is wrong
// in it is told with line and column, what is allowed there, and the name that was probably meant.

import { dirname, join } from 'node:path';
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { CannotRunError, nearestName } from '../diagnostics/index.js';
import { MAX_CONFIG_BYTES, readUserFile } from '../files/index.js';
import { put } from '../model/index.js';
import { LEVELS, type Level, type LintConfig, PRESETS, type Preset } from './config.js';
import { ruleSummaries, unknownRule } from './explain.js';

const NAMES = ['meshgw.config.yaml', 'meshgw.config.yml'];

/** The nearest configuration. Errors: CannotRunError with the file and line where it cannot be read. */
export function findConfig(folder: string): { readonly file: string; readonly config: LintConfig } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of NAMES) {
      const file = join(at, name);
      const text = readOptional(file);
      if (text !== undefined) return { file, config: readConfigText(file, text) };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** `file` is for messages. Errors: CannotRunError with file, line and column. */
export function readConfigText(file: string, text: string): LintConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail: Fail = (offset, message, hint) => {
    const { line, col } = lines.linePos(offset);
    throw new CannotRunError(`${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`, hint);
  };
  const [broken] = document.errors;
  if (broken) return fail(broken.pos[0], reasonOf(broken), 'the configuration has to be YAML');
  const { lint } = entriesOf(document.contents, 'the configuration', ['lint'], fail);
  const { preset, rules } = entriesOf(lint, '`lint`', ['preset', 'rules'], fail);
  return {
    ...(preset ? { preset: wordOf<Preset>(preset, '`lint.preset`', PRESETS, fail) } : {}),
    rules: rules ? levelsOf(rules, fail) : {},
  };
}

/** The parser speaks to programmers about several documents, and adds the place to everything. */
const reasonOf = ({ code, message }: YAMLError): string =>
  code === 'MULTIPLE_DOCS' ? 'a second document begins here: write one' : message.split(/ at line|\n/)[0]!;

type Fail = (offset: number, message: string, hint?: string) => never;

/** The values of a mapping by key, all keys being among `known`; nothing is an empty mapping. */
function entriesOf<K extends string>(
  node: unknown,
  what: string,
  known: readonly K[],
  fail: Fail,
): { readonly [key in K]?: Node } {
  const found: { [key: string]: Node } = {};
  for (const [key, value, at] of pairsOf(node, what, fail)) {
    if (!known.includes(key as K)) {
      const near = nearestName(key, known);
      fail(
        at,
        `unknown key \`${key}\` in ${what}${near ? `; did you mean \`${near}\`?` : ''}`,
        `allowed here: ${known.join(', ')}`,
      );
    }
    if (value) put(found, key, value);
  }
  return found as { readonly [key in K]?: Node };
}

/** Key, value and offset of the key of each entry. */
function* pairsOf(node: unknown, what: string, fail: Fail): Generator<readonly [string, Node | null, number]> {
  if (node === null || node === undefined || (isScalar(node) && node.value === null)) return;
  if (!isMap(node)) return fail(startOf(node as Node), `${what} has to be a mapping, but is ${shown(node as Node)}`);
  for (const { key, value } of node.items) {
    if (!isScalar(key)) return fail(startOf(key as Node), `a key of ${what} is not text`);
    yield [String(key.value), value as Node | null, startOf(key)];
  }
}

/** The value of a scalar, one of `allowed`. */
function wordOf<W extends string>(node: Node, what: string, allowed: readonly W[], fail: Fail): W {
  const value = isScalar(node) ? node.value : undefined;
  if (allowed.includes(value as W)) return value as W;
  const near = typeof value === 'string' ? nearestName(value, allowed) : undefined;
  return fail(
    startOf(node),
    `${what} is ${shown(node)}${near ? `; did you mean \`${near}\`?` : ''}`,
    `allowed here: ${allowed.join(', ')}`,
  );
}

function levelsOf(node: Node, fail: Fail): Record<string, Level> {
  const names = new Set(ruleSummaries().flatMap(({ code, name }) => [code, name]));
  const levels: Record<string, Level> = {};
  for (const [rule, value, at] of pairsOf(node, '`lint.rules`', fail)) {
    if (!names.has(rule)) {
      const { message, hint } = unknownRule(rule);
      fail(at, message, hint);
    }
    if (!value) fail(at, `\`lint.rules.${rule}\` has no level`, `allowed here: ${LEVELS.join(', ')}`);
    // A bare `off` is false to readers of YAML 1.1, and people write it so.
    const off = isScalar(value) && value.value === false;
    put(levels, rule, off ? 'off' : wordOf(value!, `\`lint.rules.${rule}\``, LEVELS, fail));
  }
  return levels;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

function shown(node: Node): string {
  if (isAlias(node)) return 'an alias (aliases are not followed here)';
  if (!isScalar(node)) return isMap(node) ? 'a mapping' : 'a list';
  return node.value === null ? 'empty' : `\`${String(node.value).slice(0, 40)}\``;
}

/** A link may lead to another file of its folder only: nobody named it. */
function readOptional(file: string): string | undefined {
  const read = readUserFile(file, { within: dirname(file), limit: MAX_CONFIG_BYTES });
  if (Buffer.isBuffer(read)) return read.toString('utf8');
  if (read.code === 'missing') return undefined;
  throw new CannotRunError(`cannot read ${file}: ${read.why}`, 'to use another file: --config FILE');
}
