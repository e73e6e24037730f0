// Standard error of serve, beside a live view that may have the screen.

import { visible } from '../../report/visible.js';
import type { Io } from '../io.js';

/** Notices and the access log; while the live view has the screen, notices wait and the log is not written. */
export interface Screen {
  readonly notice: (text: string) => void;
  readonly log: (line: string) => void;
  hide(): void;
  show(): void;
}

/** Notices that are kept while the live view has the screen; older ones are dropped. */
const MOST_HELD = 100;

export function createScreen({ stderr }: Io): Screen {
  let hidden = false;
  let held: string[] = [];
  const write = (text: string) =>
    stderr.write(
      text
        .split('\n')
        .map((line) => `${visible(line)}\n`)
        .join(''),
    );
  return {
    notice(text) {
      if (hidden) held = [...held.slice(1 - MOST_HELD), text];
      else write(text);
    },
    log(line) {
      if (!hidden) stderr.write(line);
    },
    hide() {
      hidden = true;
    },
    show() {
      hidden = false;
      for (const text of held) write(text);
      held = [];
    },
  };
}
