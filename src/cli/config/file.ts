// The parts of meshgw.config.yaml: `environment` and `ignore` are for every command; `lint` and `convert` are read by whoever lints or converts.

import { type Environment, environmentOf } from './environment.js';
import { entriesOf, type Section, sectionOf, startOf, textsOf } from './section.js';

export interface ConfigFile {
  /** As messages name it. */
  readonly file: string;
  /** Not read yet: the names of the rules are loaded for it (lint.ts). Absent: there is no configuration. */
  readonly lint?: Section;
  /** Likewise: the names of features (convert.ts). */
  readonly convert?: Section;
  readonly environment: Environment;
  /** Globs of files that are left out, seen from the folder of the configuration. */
  readonly ignore: readonly string[];
}

/** `folder`, absolute: paths in it are seen from there, and lead nowhere else. Errors: CannotRunError with file, line and column. */
export function readConfigText(file: string, text: string, folder: string): ConfigFile {
  const { lint, convert, environment, ignore } = entriesOf(sectionOf(file, text), [
    'lint',
    'convert',
    'environment',
    'ignore',
  ]);
  return {
    file,
    lint,
    convert,
    environment: environmentOf(environment, folder),
    ignore: textsOf(ignore).map(({ text: glob, section }) =>
      glob === '' || glob.startsWith('!')
        ? section.fail(startOf(section), `${section.what} is \`${glob}\``, 'must be a glob of files to skip')
        : glob,
    ),
  };
}
