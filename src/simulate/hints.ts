// What to ask instead, where a gateway knows nothing of a request: another gateway of the files that has the host, or a gateway that the
// files do not hold.

import type { EffectiveGateway, GatewayRequest, SimulationResult } from '../model/index.js';
import { takesHost } from '../model/index.js';
import type { CompiledGateway } from './compile.js';
import { compiledOf } from './compiled.js';
import { decide } from './decide.js';

export interface HintOptions {
  readonly gateways: readonly EffectiveGateway[];
  /** Gateways that routes name and the files do not hold; asked only where nothing else helps. Default: none. */
  readonly missing?: (() => readonly { readonly namespace: string; readonly name: string }[]) | undefined;
}

/** Gateways that are asked at most: files with hundreds are asked by name. */
export const MOST_ASKED = 50;

/** undefined: the gateway has answered by a rule, or nobody else knows the request. */
export function hintFor(
  result: SimulationResult,
  request: GatewayRequest,
  asked: EffectiveGateway,
  { gateways, missing }: HintOptions,
): string | undefined {
  if (!isNobodys(result)) return undefined;
  const { gateway: _, ...bare } = request;
  const other = gateways
    .filter((g) => g !== asked && hasHost(g, bare))
    .slice(0, MOST_ASKED)
    .find((g) => knows(compiledOf(g), bare));
  if (other) return `another gateway of these files (${other.id}) serves ${hostOf(request)}: use --gateway ${other.id}`;
  const named = missing?.() ?? [];
  const [first] = named;
  if (!first) return undefined;
  const name = `${first.namespace}/${first.name}`;
  const more = named.length > 1 ? ` (and ${named.length - 1} more)` : '';
  return `routes are attached to Gateway ${name}${more}, which is not in the files: add its file, or --assume-gateway ${name}`;
}

/** No rule of a file decided: nothing listens, no host, no route, or the controller's own default backend. */
const isNobodys = ({ connection, status, matched, defaultBackend, destination }: SimulationResult): boolean =>
  connection !== undefined || defaultBackend === true || (status === 404 && !destination && matched === undefined);

export const hostOf = ({ host }: GatewayRequest): string => host.replace(/:\d+$/, '').toLowerCase();

/** Cheap: no gateway is compiled for it. */
const hasHost = ({ listeners }: EffectiveGateway, request: GatewayRequest): boolean =>
  listeners.some(({ filterChains }) =>
    filterChains.some((chain) =>
      chain.kind === 'http'
        ? chain.virtualHosts.some(
            ({ domains, routes }) => routes.length > 0 && domains.some((d) => takesHost(d, hostOf(request))),
          )
        : (chain.match.sni ?? []).some((d) => takesHost(d, hostOf(request))),
    ),
  );

/** Whether a rule decides, beside the controller's own default backend. */
export function knows(gateway: CompiledGateway, request: GatewayRequest): boolean {
  const decision = decide(gateway, request, { now: 0 });
  if (decision.kind === 'l4') return true;
  if (!('route' in decision) || !decision.route) return false;
  const { action } = decision.route;
  return !(action.kind === 'direct-response' && action.defaultBackend === true);
}
