// The table of `npm run peers`, as Markdown; the README has it, too.

/** What became of the files of a set with one tool. */
export interface Counts {
  readonly files: number;
  /** Without an error, and without a part that was refused. */
  readonly converted: number;
  /** Nothing to decide, to do or to accept was named. */
  readonly withoutWarning: number;
  /** An object would not be accepted: schema, CEL, webhook, or an error of lint that the source does not have. */
  readonly refusedByApi: number;
  readonly answers: number;
  readonly keptAnswers: number;
  readonly wholeFiles: number;
}

export interface Results {
  readonly sets: readonly { readonly name: string; readonly rows: readonly (Counts & { readonly tool: string })[] }[];
}

export function tableOf({ sets }: Results): string {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const head = ['', 'nothing refused', 'without a warning', 'refused by the API', 'answers kept', 'whole files'];
  const lines = sets.flatMap(({ name, rows }) => [
    [`**${name}**`, ...head.slice(1).map(() => '')],
    ...rows.map((r) => [
      r.tool,
      percent(r.converted, r.files),
      percent(r.withoutWarning, r.files),
      percent(r.refusedByApi, r.files),
      `${percent(r.keptAnswers, r.answers)} of ${r.answers}`,
      percent(r.wholeFiles, r.files),
    ]),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
