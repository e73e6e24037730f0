// YAML as Kubernetes reads it: YAML 1.1 with the scalars that goyaml v2 resolves (sigs.k8s.io/yaml goyaml.v2
// resolve.go, the reader behind kubectl, the API server and istioctl): y/n/yes/no/on/off are booleans, 0777 is octal,
// 1_000 is a number, 190:20:30 and dates are strings.

import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml';

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const SPECIAL = new Map([
  ['.nan', Number.NaN],
  ['.NaN', Number.NaN],
  ['.NAN', Number.NaN],
  ...['', '+', '-'].flatMap((sign) =>
    ['.inf', '.Inf', '.INF'].map((word) => [sign + word, sign === '-' ? -Infinity : Infinity] as const),
  ),
]);
/** Go's ParseUint stops here; a longer decimal becomes a float, a longer hexadecimal stays text. */
const UINT64_LIMIT = 2 ** 64;

function parseInteger(plain: string): number {
  const negative = plain[0] === '-';
  const digits = negative || plain[0] === '+' ? plain.slice(1) : plain;
  const base = digits.slice(0, 2).toLowerCase();
  const value =
    base === '0x' || base === '0b' || base === '0o'
      ? Number(digits)
      : digits[0] === '0'
        ? Number.parseInt(digits, 8)
        : Number(digits);
  return negative ? -value : value;
}

/** A number as goyaml reads it, or `NOT_RESOLVED`. */
function resolveNumber(source: string): number | typeof NOT_RESOLVED {
  const special = SPECIAL.get(source);
  if (special !== undefined) return special;
  if (source[0] === '.' && source.includes('_')) return NOT_RESOLVED;
  const plain = source.includes('_') ? source.replaceAll('_', '') : source;
  if (INTEGER.test(plain)) {
    const value = parseInteger(plain);
    if (Math.abs(value) < UINT64_LIMIT) return value;
  }
  if (!FLOAT.test(plain)) return NOT_RESOLVED;
  const value = Number(plain);
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}

const NUMBER_STARTS = [...'-+.0123456789'];
const number = (tagName: string, implicit: boolean) =>
  defineScalarTag(tagName, {
    implicit,
    implicitFirstChars: NUMBER_STARTS,
    resolve: resolveNumber,
    identify: (value) => typeof value === 'number',
  });

/** JSON has no `.nan` and no `.inf`, and objects travel as JSON: kubectl refuses the document (sigs.k8s.io/yaml YAMLToJSON). */
const NO_JSON_NUMBER = 'no number of JSON';
const isNoJsonNumber = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

/** Keys become strings, as in JSON; goyaml knows no name for a null key. */
const objectTag = {
  ...mapTag,
  addPair: (carrier: Record<string, unknown>, key: unknown, value: unknown): string => {
    if (key === null || (typeof key === 'object' && key !== undefined)) return 'complex key';
    return isNoJsonNumber(value) ? NO_JSON_NUMBER : mapTag.addPair(carrier, key, value);
  },
};

const listTag = {
  ...seqTag,
  addItem: (list: unknown[], item: unknown, index: number) =>
    isNoJsonNumber(item) ? NO_JSON_NUMBER : seqTag.addItem(list, item, index),
};

const asText = (tagName: string, matchByTagPrefix = false) =>
  defineScalarTag(tagName, { matchByTagPrefix, resolve: (source) => source, identify: () => false });

/** Tags that nobody knows are no error for goyaml: the node is read as if it had none. */
const unknownTags = ['!', 'tag:'].flatMap((prefix) => [
  asText(prefix, true),
  defineSequenceTag(prefix, { ...listTag, matchByTagPrefix: true }),
  defineMappingTag(prefix, { ...objectTag, matchByTagPrefix: true }),
]);

/** `!!binary` is text after decoding (goyaml decode.go, `yaml_BINARY_TAG`). */
const binary = defineScalarTag('tag:yaml.org,2002:binary', {
  resolve: (source) => Buffer.from(source, 'base64').toString('latin1'),
  identify: () => false,
});

export const KUBERNETES_SCHEMA = new Schema([
  strTag,
  listTag,
  objectTag,
  nullYaml11Tag,
  boolYaml11Tag,
  number('tag:yaml.org,2002:int', true),
  number('tag:yaml.org,2002:float', false),
  mergeTag,
  binary,
  asText('tag:yaml.org,2002:timestamp'),
  ...unknownTags,
]);

/** Words that are booleans in YAML 1.1 and look like text. */
export const isBooleanWord = (source: string): boolean => /^(?:y|n|yes|no|on|off)$/i.test(source);

/** What an unquoted text of one line means (`<<` aside). */
export function plainValue(source: string): string | number | boolean | null {
  const first = source.charAt(0);
  if (NULL_STARTS.has(first) && nullYaml11Tag.resolve(source, false, nullYaml11Tag.tagName) === null) return null;
  if (BOOLEAN_STARTS.has(first)) {
    const flag = boolYaml11Tag.resolve(source, false, boolYaml11Tag.tagName);
    return flag === NOT_RESOLVED ? source : (flag as boolean);
  }
  if (!NUMBER_STARTS.includes(first)) return source;
  const value = resolveNumber(source);
  return value === NOT_RESOLVED ? source : value;
}

const NULL_STARTS = new Set(['', '~', 'n', 'N']);
const BOOLEAN_STARTS = new Set('yYnNtTfFoO');

/** The text that an unquoted key becomes: `on` is the key `true`, `0777` the key `511`. */
export function plainKey(source: string): string {
  const value = plainValue(source);
  return value === null ? source : String(value);
}
