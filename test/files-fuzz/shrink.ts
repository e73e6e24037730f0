// The smallest input that still fails, as far as taking parts away leads.

import { documentsOf, pathsOf, textOf, without } from './mutate.js';

/** `fails` runs the input again; at most `tries` times. */
export async function shrink(text: string, fails: (text: string) => Promise<boolean>, tries = 150): Promise<string> {
  let best = text;
  let left = tries;
  const attempt = async (smaller: string): Promise<boolean> => {
    if (left <= 0 || smaller.length >= best.length) return false;
    left--;
    if (!(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  const documents = documentsOf(text);
  if (documents && (await attempt(textOf(documents)))) await shrinkTrees(documentsOf(best) ?? [], attempt);
  else await shrinkLines(best, attempt);
  return best;
}

async function shrinkTrees(start: readonly unknown[], attempt: (text: string) => Promise<boolean>): Promise<void> {
  let documents = [...start];
  for (let i = documents.length - 1; i >= 0; i--) {
    const fewer = documents.filter((_, n) => n !== i);
    if (await attempt(textOf(fewer))) documents = fewer;
  }
  for (let i = 0; i < documents.length; i++)
    for (const path of pathsOf(documents[i]).toSorted((a, b) => a.length - b.length)) {
      if (path.length === 0) continue;
      const fewer = documents.map((d, n) => (n === i ? without(d, path) : d));
      if (await attempt(textOf(fewer))) documents = fewer;
    }
}

async function shrinkLines(start: string, attempt: (text: string) => Promise<boolean>): Promise<void> {
  let lines = start.split('\n');
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let i = 0; i < lines.length; ) {
      const fewer = [...lines.slice(0, i), ...lines.slice(i + size)];
      if (await attempt(fewer.join('\n'))) lines = fewer;
      else i += size;
    }
}
