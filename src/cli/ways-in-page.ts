// The HTML page of ways-in: the ways, the findings of lint, the gateways for the request tester, the bundled program.

import type { LoadedConfig } from '../api/load.js';
import type { WaysIn } from '../model/index.js';
import type { PageFinding } from '../report/html/page-data.js';
import type { Io } from './io.js';
import { pageAssets } from './page-assets.js';

export async function page(config: LoadedConfig, ways: WaysIn, io: Io): Promise<string> {
  const [{ pageHtml }, { pack }, { excerpts }, { locate }, assets] = await Promise.all([
    import('../report/html/page.js'),
    import('../report/html/pack.js'),
    import('../report/html/excerpts.js'),
    import('../sources/index.js'),
    pageAssets(),
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
    assets,
  );
}

async function findingsOf(config: LoadedConfig, io: Io): Promise<PageFinding[]> {
  const [{ lint }, { formatResource }] = await Promise.all([import('../api/lint.js'), import('../model/index.js')]);
  const { diagnostics } = await lint(config, { now: io.now() });
  return diagnostics.flatMap(({ code, severity, message, resource, position, path }) =>
    resource ? [{ code, severity, message, at: { ...position, resource: formatResource(resource), path } }] : [],
  );
}
