// Questions to an engine, written as JSON behind the name of a pseudo header.

const parsed = new Map<string, unknown>();
const MOST_REMEMBERED = 10_000;

/** The question in a name, read once; undefined: there is none. The reader of the engine's dialect wrote it, so that its shape is known. */
export function questionIn<Q>(name: string): Q | undefined {
  const start = name.indexOf('{');
  if (start < 0) return undefined;
  let question = parsed.get(name);
  if (question === undefined) {
    if (parsed.size > MOST_REMEMBERED) parsed.clear();
    question = JSON.parse(name.slice(start));
    parsed.set(name, question);
  }
  return question as Q;
}
