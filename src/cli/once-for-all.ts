// What each of several processes says of the same event is said once.

/** Texts that are remembered. */
const MOST = 200;

export interface OnceForAll {
  /** `who` says `text`: said where nobody else has said it as often. */
  say(who: number, text: string): void;
  /** `who` knows what has been said: only what comes from now on counts. */
  join(who: number): void;
  leave(who: number): void;
}

/** `print` gets each text as often as the one who said it most. */
export function createOnceForAll(print: (text: string) => void): OnceForAll {
  const said = new Map<string, number>();
  const by = new Map<number, Map<string, number>>();
  return {
    say(who, text) {
      const own = by.get(who) ?? new Map<string, number>();
      by.set(who, own);
      const times = (own.get(text) ?? 0) + 1;
      keep(own, text, times);
      if (times <= (said.get(text) ?? 0)) return;
      keep(said, text, times);
      print(text);
    },
    join: (who) => void by.set(who, new Map(said)),
    leave: (who) => void by.delete(who),
  };
}

/** The last ones count. */
function keep(all: Map<string, number>, text: string, times: number): void {
  all.delete(text);
  all.set(text, times);
  const [oldest] = all.keys();
  if (all.size > MOST && oldest !== undefined) all.delete(oldest);
}
