// What a catalog has for answers that are kept (kept-answers.ts): the lists of the one before it, and a note of what it is asked.

/** What one computation asked: lists by kind, tables, and what other computations asked. */
export interface Asked {
  readonly lists: Map<string, unknown>;
  /** By who makes them: `perCatalog`. */
  readonly tables: Map<unknown, unknown>;
  readonly others: Set<Asked>;
}

/** What is computed now, if anyone wants to know what it asks. */
export const recording: { by: Asked | undefined } = { by: undefined };

/** No kinds. */
export const [ALL, REPLACED] = ['all objects', 'replaced objects'] as const;

/** To be called by a catalog for each list that it hands out. */
export function noteAsked(kind: string, list: unknown): void {
  recording.by?.lists.set(kind, list);
}

/** Of one folder, empty at first: what is handed from one catalog to the next. */
export class Keeping {
  readonly #lists = new Map<string, readonly unknown[]>();
  /** Answers and tables, by name or by who makes them. */
  readonly made = new Map<unknown, unknown>();

  /** The list of before where it holds the same: who asked for it then need not ask again. */
  list<T>(kind: string, list: readonly T[]): readonly T[] {
    const before = this.#lists.get(kind) as readonly T[] | undefined;
    if (before?.length === list.length && before.every((item, i) => item === list[i])) return before;
    this.#lists.set(kind, list);
    return list;
  }
}
