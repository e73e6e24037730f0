// Fields of matchers and of header changes, which stand in many messages and become another part of the model in each.

import type { Part } from '../../../model/index.js';
import { BYTES, type FieldOf, type Message, NAME, off, usual } from './message.js';

type Parts = readonly Part[];

const inside = (message: Message): FieldOf => ({ message });

/** The pattern, or a RegexMatcher around it. */
export const regex = (parts: Parts): FieldOf => inside({ regex: parts, google_re2: BYTES });

export const stringMatcher = (parts: Parts): Message => ({
  exact: parts,
  prefix: parts,
  suffix: parts,
  contains: parts,
  safe_regex: regex(parts),
  regex: parts,
  ignore_case: off(parts),
});

/** A test without any of these asks whether the header is there. */
const HAS_VALUE = { without: 'the header has to be there, as without the field' };

export const headerMatcher = (parts: Parts): Message => ({
  name: parts,
  string_match: inside(stringMatcher(parts)),
  present_match: ({ value }) => (value === true ? HAS_VALUE : parts),
  exact_match: parts,
  prefix_match: parts,
  suffix_match: parts,
  contains_match: parts,
  safe_regex_match: regex(parts),
  regex_match: parts,
  range_match: inside({ start: parts, end: parts }),
  invert_match: off(parts),
  treat_missing_header_as_empty: off(parts),
});

export const queryMatcher = (parts: Parts): Message => ({
  name: parts,
  string_match: inside(stringMatcher(parts)),
  present_match: usual(parts, true),
});

const valueMatcher = (parts: Parts): Message => ({
  string_match: inside(stringMatcher(parts)),
  present_match: parts,
  or_match: inside({ value_matchers: () => inside(valueMatcher(parts)) }),
  list_match: inside({ one_of: () => inside(valueMatcher(parts)) }),
});

/** Of a claim of a token. */
export const metadataMatcher = (parts: Parts): Message => ({
  filter: parts,
  path: inside({ key: parts }),
  value: inside(valueMatcher(parts)),
  invert: off(parts),
});

/** A policy for paths: the template, or the path that is made of it. */
export const template = (parts: Parts): FieldOf =>
  inside({ name: NAME, typed_config: inside({ path_template: parts, path_template_rewrite: parts }) });

/** A part of all in hundreds, ten thousands or millions. */
export const percentage = (parts: Parts): Message => ({ numerator: parts, denominator: usual(parts, 'HUNDRED', 0) });

export const runtimeFraction = (parts: Parts): FieldOf =>
  inside({ default_value: inside(percentage(parts)), runtime_key: NAME });

const header = (parts: Parts): FieldOf => inside({ key: parts, value: parts });

const changes = (direction: 'Request' | 'Response'): Message => {
  const ops: Parts = [`${direction}Headers.set`, `${direction}Headers.add`];
  const lower = direction.toLowerCase();
  return {
    [`${lower}_headers_to_add`]: inside({
      header: header(ops),
      append_action: usual(ops, 'APPEND_IF_EXISTS_OR_ADD', 0),
      append: usual(ops, true),
      keep_empty_value: { otherwise: 'a value that is not empty is sent with it and without it' },
    }),
    [`${lower}_headers_to_remove`]: [`${direction}Headers.remove`],
  };
};

export const HEADER_CHANGES: Message = { ...changes('Request'), ...changes('Response') };

/** Headers of an answer that a filter gives. */
export const headersOf = (parts: Parts): FieldOf =>
  inside({ header: header(parts), append_action: NAME, append: NAME, keep_empty_value: NAME });
