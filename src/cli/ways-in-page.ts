// The HTML page of ways-in: the ways, the findings of lint, the gateways for the request tester, the bundled program.

import type { LoadedConfig } from '../api/load.js';
import { CannotRunError } from '../diagnostics/index.js';
import { packageFile } from '../files/index.js';
import type { WaysIn } from '../model/index.js';
import type { PageFinding } from '../report/html/page-data.js';
import type { Io } from './io.js';

export async function page(config: LoadedConfig, ways: WaysIn, io: Io): Promise<string> {
  const [{ pageHtml }, { pack }, { excerpts }, { locate }, script, style] = await Promise.all([
    import('../report/html/page.js'),
    import('../report/html/pack.js'),
    import('../report/html/excerpts.js'),
    import('../sources/index.js'),
    asset('page.js'),
    asset('page.css'),
  ]);
  const findings = await findingsOf(config, io);
  return pageHtml(
    {
      title: 'meshgw ways in',
      ways,
      ...pack(config.gateways, locate),
      findings,
      excerpts: excerpts(ways, findings, config.sources.resources),
    },
    { script, style },
  );
}

async function findingsOf(config: LoadedConfig, io: Io): Promise<PageFinding[]> {
  const [{ lint }, { formatResource }] = await Promise.all([import('../api/lint.js'), import('../model/index.js')]);
  const { diagnostics } = await lint(config, { now: io.now() });
  return diagnostics.flatMap(({ code, severity, message, resource, position, path }) =>
    resource ? [{ code, severity, message, at: { ...position, resource: formatResource(resource), path } }] : [],
  );
}

/** What `npm run build` made of src/page. */
function asset(name: string): string {
  try {
    return packageFile(`dist/page/${name}`);
  } catch (error) {
    throw new CannotRunError(`the page's ${name} is missing`, 'run npm run build', { cause: error });
  }
}
