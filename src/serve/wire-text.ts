// Text on the wire is bytes; text in configuration is Unicode. Bytes travel through serve as latin1 (one character a
// byte); for a decision they are read as UTF-8, and what a decision gives is written as UTF-8.

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "not ASCII"
const NOT_ASCII = /[^\x00-\x7f]/;

export const fromWire = (bytes: string): string =>
  NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;

export const toWire = (text: string): string =>
  NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not reach a request line
const NOT_IN_TARGET = /[\x00-\x20\x7f]/g;

/** A path that a decision made, fit for a request line: a blank or control character from a rewrite is percent-encoded. */
export function targetToWire(path: string): string {
  const wire = toWire(path);
  NOT_IN_TARGET.lastIndex = 0;
  if (!NOT_IN_TARGET.test(wire)) return wire;
  return wire.replace(NOT_IN_TARGET, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
