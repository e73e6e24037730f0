// Colours by meaning. One place decides, so that "no colour" is everywhere the same text.

import { Chalk, type ChalkInstance } from 'chalk';

export type Style = ChalkInstance;

/** 16 colours are enough, and every terminal theme keeps them readable. */
export const styleFor = (color: boolean): Style => new Chalk({ level: color ? 1 : 0 });

/** Colour of an HTTP status. */
export const statusColor = (style: Style, status: number): string => {
  const text = String(status);
  if (status >= 500) return style.red(text);
  if (status >= 400) return style.yellow(text);
  return status >= 300 ? style.cyan(text) : style.green(text);
};
