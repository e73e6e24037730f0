// Metadata that the token check leaves: claims of the token (envoy.extensions.filters.http.jwt_authn, `payload_in_metadata`; Istio's
// key is `payload`). Other metadata is not in a request.

import type { ClaimMatcher, StringMatcher } from '../../../model/index.js';
import { stringMatcher } from './match-text.js';
import { at, field, list, type Node } from './node.js';
import { flag, text } from './values.js';

const FILTER = 'envoy.filters.http.jwt_authn';
const PAYLOAD = 'payload';

/** A MetadataMatcher about a claim. Undefined: about something else, or a value that is no text. */
export function claimMatcher(node: Node | undefined): Pick<ClaimMatcher, 'claim' | 'value'> | undefined {
  const claim = claimPath(node);
  const value = claim && textValue(field(node, 'value'));
  return claim && value ? { claim, value } : undefined;
}

function claimPath(node: Node | undefined): string[] | undefined {
  if (text(node, 'filter') !== FILTER) return undefined;
  const path = list(node, 'path').map((step) => text(step, 'key') ?? '');
  return path[0] === PAYLOAD && path.length > 1 ? path.slice(1) : undefined;
}

/** Text, or a list with such a text in it: Istio asks for either, and a claim of the model is tested so. */
function textValue(node: Node | undefined): StringMatcher | undefined {
  const either = list(field(node, 'or_match'), 'value_matchers').map(textValue);
  if (either.length > 0) {
    const [first] = either;
    return first && either.every((m) => JSON.stringify(m) === JSON.stringify(first)) ? first : undefined;
  }
  const inList = at(node, 'list_match', 'one_of');
  if (inList) return textValue(inList);
  if (flag(node, 'present_match')) return { kind: 'any' };
  return stringMatcher(field(node, 'string_match'));
}
