// js-yaml's parser with our limits, and as lenient about brackets as kubectl's.

import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { flowOnOneLine } from './flow-lines.js';

/** Levels of nesting. No Kubernetes object comes near (the API server itself stops at 10,000). */
export const MAX_DEPTH = 100;

/** JSON may be indented by tabs, YAML may not; of the same length, so that positions hold. */
export const readable = (text: string): string =>
  text.includes('\t') && /^\s*[{[]/.test(text) ? text.replaceAll('\t', ' ') : text;

const parse = (text: string): Event[] => parseEvents(text, { maxDepth: MAX_DEPTH });

/** Parser events of a text. Errors: YAMLException. */
export function eventsOf(text: string): Event[] {
  try {
    return parse(text);
  } catch (error) {
    const flat = isAboutIndentation(error) ? flowOnOneLine(text) : text;
    if (flat === text) throw error;
    try {
      return parse(flat);
    } catch {
      // The first complaint is about the text as it stands.
      throw error;
    }
  }
}

const isAboutIndentation = (error: unknown): boolean =>
  error instanceof YAMLException && error.reason === 'deficient indentation';
