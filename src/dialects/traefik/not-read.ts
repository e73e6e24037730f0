// Objects of Traefik that no answer shows: lint names them.

import { originOf } from '../../model/index.js';
import type { Catalog } from '../../resources/catalog.js';
import { specOf, stringOf } from '../../resources/fields.js';
import { listed } from './api-server.js';
import type { StaticConfig } from './static.js';
import type { Verdicts } from './verdicts.js';

/** Datagrams, and the values of the Helm chart that k3s and RKE2 install Traefik with. */
export function noteNotRead(catalog: Catalog, { assumed }: StaticConfig, verdicts: Verdicts): void {
  for (const resource of listed(catalog, 'IngressRouteUDP'))
    verdicts.note(
      'traefik-not-read',
      originOf(resource, 'spec'),
      'datagrams (UDP) are not read: no answer, comparison, translation or way in shows where this object sends them',
    );
  if (!assumed) return;
  for (const kind of ['HelmChartConfig', 'HelmChart'])
    for (const resource of catalog.ofKind(`helm.cattle.io/${kind}`))
      if (/^(?:rke2-)?traefik$/.test(resource.name) && stringOf(specOf(resource).valuesContent))
        verdicts.note(
          'traefik-not-read',
          originOf(resource, 'spec', 'valuesContent'),
          "values of Traefik's Helm chart are not read: the chart's defaults count until --traefik-static FILE names the static configuration that they make",
        );
}
