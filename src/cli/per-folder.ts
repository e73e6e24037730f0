// lint --per-folder: folders that hold objects of the same names are environments, and each is looked at by itself, together with the
// files that are in none of them.

import { type LintOptions, lint } from '../api/lint.js';
import { type LoadedConfig, understand } from '../api/load.js';
import type { ReadOptions } from '../dialects/dialect.js';
import { summaryOf } from '../lint/config.js';
import { environmentsOf, isBelow, isIn } from '../lint/environments.js';
import type { LintResult } from '../lint/run.js';
import { placeOf } from '../sources/index.js';

/** One configuration for each; undefined: there are none. */
export async function environments(
  { sources, catalog }: LoadedConfig,
  options: ReadOptions,
): Promise<LoadedConfig[] | undefined> {
  const folders = environmentsOf(catalog.replaced);
  if (folders.length === 0) return undefined;
  return Promise.all(
    folders.map((folder) => {
      const resources = sources.resources.filter((r) => isIn(r, folder, folders));
      const diagnostics = sources.diagnostics.filter(({ place }) => {
        const { file } = placeOf(place);
        return isBelow(file, folder) || !folders.some((other) => isBelow(file, other));
      });
      return understand({ ...sources, resources, diagnostics }, options);
    }),
  );
}

/** The findings of all, what several say of a common file once. */
export async function lintEach(configs: readonly LoadedConfig[], options: LintOptions): Promise<LintResult> {
  const found = new Map<string, LintResult['diagnostics'][number]>();
  let files = 0;
  const resources = new Set<unknown>();
  for (const config of configs) {
    const { diagnostics, summary } = await lint(config, options);
    files = Math.max(files, summary.files);
    for (const resource of config.sources.resources) resources.add(resource);
    for (const d of diagnostics) {
      const { file, line, column } = d.position;
      found.set([file, line, column, d.code, d.message].join('\n'), d);
    }
  }
  const diagnostics = [...found.values()];
  return { diagnostics, summary: { files, resources: resources.size, ...summaryOf(diagnostics) } };
}
