// Metadata that the token check leaves: claims of the token (envoy.extensions.filters.http.jwt_authn, `payload_in_metadata`; Istio's
// key is `payload`). Other metadata is not in a request.

import { type ClaimMatcher, type HeaderMatcher, metadataHeader, type StringMatcher } from '../../../model/index.js';
import { quoteRegex } from '../../../regex/quote.js';
import { stringMatcher } from './match-text.js';
import { at, field, list, type Node, originAt } from './node.js';
import { flag, text } from './values.js';

const FILTER = 'envoy.filters.http.jwt_authn';
const PAYLOAD = 'payload';

/** A claim, and values of which it has one. */
export interface ClaimTest {
  readonly claim: readonly string[];
  readonly values: readonly StringMatcher[];
}

/** A MetadataMatcher about a claim. Undefined: about something else, or a value that is no text. */
export function claimTest(node: Node | undefined): ClaimTest | undefined {
  const claim = claimPath(node);
  const found = claim && textsIn(field(node, 'value'), 0);
  if (!claim || !found) return undefined;
  const [plain, listed] = [found.plain, found.listed];
  // Istio asks for the text and for a list with such a text in it, and a claim of the model is tested so.
  if (plain.length > 0 && listed.length > 0 && keyOf(plain) !== keyOf(listed)) return undefined;
  const values = plain.length > 0 ? plain : listed;
  return values.length > 0 ? { claim, values } : undefined;
}

/** As the condition of a route, which has one value. */
export function claimMatcher(node: Node | undefined): Pick<ClaimMatcher, 'claim' | 'value'> | undefined {
  const test = claimTest(node);
  if (!test) return undefined;
  const [value] = test.values;
  if (test.values.length === 1 && value) return { claim: test.claim, value };
  const exact = test.values.map((v) => (v.kind === 'exact' && !v.ignoreCase ? quoteRegex(v.value) : undefined));
  if (exact.includes(undefined)) return undefined;
  return { claim: test.claim, value: { kind: 'regex', pattern: `(?:${exact.join('|')})` } };
}

/** A MetadataMatcher as a test of what tests of router_check_tool set; undefined: it is about a value that is no text. */
export function metadataTest(node: Node): HeaderMatcher | undefined {
  const found = textsIn(field(node, 'value'), 0);
  const [value, ...others] = found ? [...found.plain, ...found.listed] : [];
  if (!value || others.length > 0) return undefined;
  const path = list(node, 'path').map((step) => text(step, 'key') ?? '');
  const invert = flag(node, 'invert') ? { invert: true, missing: 'absent' as const } : {};
  return { name: metadataHeader(text(node, 'filter') ?? '', path), value, ...invert, origin: originAt(node) };
}

function claimPath(node: Node | undefined): string[] | undefined {
  if (text(node, 'filter') !== FILTER) return undefined;
  const path = list(node, 'path').map((step) => text(step, 'key') ?? '');
  return path[0] === PAYLOAD && path.length > 1 ? path.slice(1) : undefined;
}

interface Texts {
  readonly plain: readonly StringMatcher[];
  readonly listed: readonly StringMatcher[];
}

const MOST_DEEP = 8;

/** Texts of a ValueMatcher, by whether the value itself has to be one, or an element of it. Undefined: no texts. */
function textsIn(node: Node | undefined, depth: number): Texts | undefined {
  if (!node || depth > MOST_DEEP) return undefined;
  const either = list(field(node, 'or_match'), 'value_matchers').map((part) => textsIn(part, depth + 1));
  if (either.length > 0) {
    const parts = either.filter((part) => part !== undefined);
    if (parts.length < either.length) return undefined;
    return { plain: parts.flatMap((p) => p.plain), listed: parts.flatMap((p) => p.listed) };
  }
  const inList = at(node, 'list_match', 'one_of');
  if (inList) {
    const inner = textsIn(inList, depth + 1);
    return inner && { plain: [], listed: inner.plain };
  }
  if (flag(node, 'present_match')) return { plain: [{ kind: 'any' }], listed: [] };
  const one = stringMatcher(field(node, 'string_match'));
  return one && { plain: [one], listed: [] };
}

const keyOf = (values: readonly StringMatcher[]): string => JSON.stringify(values.map((v) => JSON.stringify(v)).sort());
