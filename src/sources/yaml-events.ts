// js-yaml's parser with our limits.

import { type Event, parseEvents } from 'js-yaml';

/** Levels of nesting. No Kubernetes object comes near (the API server itself stops at 10,000). */
export const MAX_DEPTH = 100;

/** JSON may be indented by tabs, YAML may not; of the same length, so that positions hold. */
export const readable = (text: string): string =>
  text.includes('\t') && /^\s*[{[]/.test(text) ? text.replaceAll('\t', ' ') : text;

/** Parser events of a text. Errors: YAMLException. */
export const eventsOf = (text: string): Event[] => parseEvents(text, { maxDepth: MAX_DEPTH });
