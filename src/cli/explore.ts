// meshgw simulate -i: what the explorer shows comes from the same decision as everything else.

import { chooseGateway } from '../api/choose-gateway.js';
import type { LoadedConfig } from '../api/load.js';
import { CannotRunError, EXIT } from '../diagnostics/index.js';
import {
  type EffectiveGateway,
  formatPath,
  formatResource,
  formatUrl,
  type GatewayRequest,
  unsaidHost,
} from '../model/index.js';
import type { ExploredGateway } from '../report/ink/explorer.js';
import type { Example } from '../report/ink/explorer-state.js';
import type { InputFlags } from './command.js';
import { type Io, wantsColor } from './io.js';

interface ExploreFlags extends InputFlags {
  readonly gateway?: string;
  readonly request?: string;
  readonly header?: readonly string[];
  readonly seed?: number;
}

/** Runs until the user leaves. Rejects with CannotRunError where there is no terminal. */
export async function explore(
  config: LoadedConfig,
  url: string | undefined,
  flags: ExploreFlags,
  io: Io,
): Promise<number> {
  if (!io.stdout.isTTY)
    throw new CannotRunError('the explorer needs a terminal', 'without one: meshgw simulate -f config/ URL --trace');
  const [first, ...others] = await inOrder(config.gateways, flags.gateway);
  const [{ runExplorer }, { headerLines }, { renderResult }, { styleFor }, { requestFromUrl }, { simulatorOf }] =
    await Promise.all([
      import('../report/ink/explorer.js'),
      import('../report/ink/explorer-state.js'),
      import('../report/result-text.js'),
      import('../report/style.js'),
      import('../requests/index.js'),
      import('../api/simulator.js'),
    ]);
  const style = styleFor(wantsColor(io, io.stdout, flags.color));
  const explored = ({ gateway, examples }: Candidate): ExploredGateway => {
    const simulator = simulatorOf(config.gateways, {
      gateway: gateway.id,
      trace: true,
      notes: config.notes,
      now: io.now(),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    });
    return {
      id: gateway.id,
      examples,
      async answer({ method, url: typed, headers }) {
        if (!/^https?:\/\/[^/?#]/i.test(typed))
          return [
            style.yellow(`${typed === '' ? 'no URL' : `not a URL: ${typed}`}`),
            'write http://host/path or https://host/path',
          ];
        try {
          const request = requestFromUrl(typed, { method: method || 'GET', headers: headerLines(headers) });
          return renderResult(request, await simulator.answer(request), style)
            .trimEnd()
            .split('\n')
            .slice(1);
        } catch (error) {
          if (error instanceof CannotRunError)
            return [style.yellow(error.message), ...(error.hint ? [error.hint] : [])];
          throw error;
        }
      },
    };
  };
  const example = (await first.examples())[0];
  await runExplorer({
    start: {
      method: flags.request ?? 'GET',
      url: url ?? example?.url ?? 'http://localhost/',
      headers: (flags.header ?? []).join('; '),
    },
    gateways: [first, ...others].map(explored),
  });
  return EXIT.ok;
}

interface Candidate {
  readonly gateway: EffectiveGateway;
  readonly examples: () => Promise<readonly Example[]>;
}

/** The one that is asked for, or the usual one if it has rules, or the first that has; then the others. Throws CannotRunError for one that is not there. */
async function inOrder(
  gateways: readonly EffectiveGateway[],
  asked: string | undefined,
): Promise<[Candidate, ...Candidate[]]> {
  const all = gateways.map((gateway): Candidate => {
    let found: Promise<readonly Example[]> | undefined;
    return { gateway, examples: () => (found ??= examplesOf(gateway)) };
  });
  const isOpen = asked === undefined && gateways.length > 1;
  const preferred = isOpen ? gateways.find((g) => g.usual) : chooseGateway(gateways, asked);
  let first = all.find((c) => c.gateway === preferred) ?? all[0]!;
  if (isOpen && (await first.examples()).length === 0)
    for (const candidate of all)
      if ((await candidate.examples()).length > 0) {
        first = candidate;
        break;
      }
  return [first, ...all.filter((c) => c !== first)];
}

/** A request for each rule that one reaches, in the order of the data plane. */
async function examplesOf(gateway: EffectiveGateway): Promise<Example[]> {
  const { reachability } = await import('../space/index.js');
  const seen = new Set<string>();
  return reachability(gateway).flatMap(({ route, reach }): Example[] => {
    const origin = route.matchOrigin ?? route.origin;
    const label = `${formatResource(origin.resource)} ${formatPath(origin.path)}`;
    if (reach.status !== 'reached' || seen.has(label)) return [];
    seen.add(label);
    const { request } = reach.witness;
    return [{ label, method: request.method, url: formatUrl(request), headers: headersOf(request) }];
  });
}

const headersOf = (r: GatewayRequest): string =>
  Object.entries({ ...(unsaidHost(r) === undefined ? {} : { host: r.host }), ...r.headers })
    .flatMap(([name, value]) => [value].flat().map((v) => `${name}: ${v}`))
    .join('; ');
