// How an error that nothing expected is reported while the gateway goes on: with its stack, once for each place it comes
// from, and never more than a screen of it, whatever a client sends again and again.

/** Places that are reported; then one line says that no more are. */
const MOST_PLACES = 20;
const MOST_LINES = 12;
const MOST_CHARACTERS = 2_000;

/** `say` takes a text of several lines. */
export function bugReporter(say: (text: string) => void): (error: unknown) => void {
  const places = new Set<string>();
  return (error) => {
    const text = textOf(error);
    // The message may hold what a client sent: each would be a place of its own.
    const frames = text.split('\n').filter((line) => /^\s+at /.test(line));
    const place = frames.slice(0, 3).join('\n') || text;
    if (places.has(place) || places.size > MOST_PLACES) return;
    places.add(place);
    if (places.size > MOST_PLACES) say('too many internal errors: no further ones are reported');
    else say(`internal error in meshgw: please report it; serve keeps running\n${bounded(text)}`);
  };
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? String(error)) : String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}

function bounded(text: string): string {
  const lines = text.slice(0, MOST_CHARACTERS).split('\n');
  return lines.slice(0, MOST_LINES).join('\n');
}
