// What the language server asks of a folder: the same reading and the same lint as on the command line, with the settings of the folder.

import { lint } from '../api/lint.js';
import { understand } from '../api/load.js';
import { recogniseDocument } from '../dialects/registry.js';
import type { Check } from '../lsp/workspace.js';
import { loadSources } from '../sources/index.js';
import type { InputFlags } from './command.js';
import { inputsOf } from './inputs.js';
import type { Io } from './io.js';
import { lintConfigFor } from './lint-config.js';
import { readOptions } from './read-options.js';
import { exclusionsOf } from './settings.js';

/** The configuration file may have changed: it is read again each time. */
export const checkFolder =
  (given: InputFlags, io: Io): Check =>
  async (root, textOf) => {
    const [flags, there] = [{ ...given }, { ...io, cwd: root }];
    const sources = await loadSources(given.filename ? inputsOf(flags, [], there) : ['.'], {
      cwd: root,
      defaultNamespace: flags.namespace,
      recognise: recogniseDocument,
      exclude: await exclusionsOf(flags, there),
      textOf,
    });
    const config = understand(sources, await readOptions(flags, there));
    const result = await lint(config, { ...(await lintConfigFor(flags, there)), now: io.now() });
    return { config, result };
  };
