// js-yaml's parser with our limits, and as lenient about brackets and quotes as kubectl's.

import { type Event, parseEvents, SCALAR_STYLE, YAMLException } from 'js-yaml';
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
      return parse(flat).map((event) => withBreaks(event, text));
    } catch {
      // The first complaint is about the text as it stands.
      throw error;
    }
  }
}

/** Quoted text that has line breaks after all: its value is not the text as it stands. */
function withBreaks(event: Event, text: string): Event {
  if (!('fast' in event) || !event.fast || !isQuoted(event.style)) return event;
  return text.slice(event.valueStart, event.valueEnd).includes('\n') ? { ...event, fast: false } : event;
}

const isQuoted = (style: number): boolean =>
  style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;

const isAboutIndentation = (error: unknown): boolean =>
  error instanceof YAMLException && error.reason === 'deficient indentation';
