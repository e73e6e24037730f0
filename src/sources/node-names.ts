// What the key of a mapping is called, read off the text of its document.

import { CHOMPING_MODE, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { Marks } from './marks.js';
import { plainKey } from './yaml11.js';

/** Undefined: the key is no scalar, or has no text. */
export function keyName(marks: Marks, key: number): string | undefined {
  const start = marks.start(key);
  if (marks.type(key) !== EVENT_ID.SCALAR || start < 0) return undefined;
  if (marks.style(key) === SCALAR_STYLE.PLAIN) return plainKey(marks.text.slice(start, marks.end(key)));
  return getScalarValue(marks.text, {
    type: EVENT_ID.SCALAR,
    valueStart: start,
    valueEnd: marks.end(key),
    style: marks.style(key) as ScalarEvent['style'],
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    chomping: CHOMPING_MODE.CLIP,
    indent: -1,
    fast: false,
  });
}
