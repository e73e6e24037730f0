// Which of the gateways in the files a request means: `--gateway` and its default.

import { CannotRunError, nearestName } from '../diagnostics/index.js';
import { rankedProfiles } from '../dialects/registry.js';
import type { EffectiveGateway } from '../model/index.js';

/** The gateway called `name`, or the default one. Throws CannotRunError where there is none, or several without a default. */
export function chooseGateway(gateways: readonly EffectiveGateway[], name?: string): EffectiveGateway {
  const list = gateways.map((g) => g.id).join(', ');
  if (name !== undefined) {
    const found = gateways.find((g) => g.id === name) ?? gateways.find((g) => g.aliases?.includes(name));
    if (found) return found;
    const near = nearGateway(gateways, name);
    throw new CannotRunError(
      `no gateway ${JSON.stringify(name)} in the files${near === undefined ? '' : `; did you mean ${near}?`}`,
      list ? `the files define: ${list}` : NOTHING,
    );
  }
  const usual = gateways.find((g) => g.usual);
  if (usual) return usual;
  if (gateways.length === 0) throw new CannotRunError('the files define no gateway', NOTHING);
  // A Service is a way in too, but nobody means it unless they say so.
  const entries = gateways.filter((g) => !g.direct);
  const serving = entries.filter((g) => g.listeners.length > 0);
  const candidates = [serving, entries, gateways].find((list) => list.length > 0) ?? [];
  if (candidates.length === 1) return candidates[0]!;
  throw new CannotRunError('the files define several gateways', `choose one with --gateway: ${list}`);
}

/** A part of an id (`ingress` of `ingress:traefik`, `ingressgateway` of `istio=ingressgateway`) where only one has it, or a slip of the pen. */
function nearGateway(gateways: readonly EffectiveGateway[], name: string): string | undefined {
  const ids = gateways.map((g) => g.id);
  const containing = name === '' ? [] : ids.filter((id) => id.split(/[:=/]/).includes(name));
  if (containing.length > 0) return containing.length === 1 ? containing[0] : undefined;
  return nearestName(name, ids);
}

const MADE_FROM = rankedProfiles.flatMap(({ gatewaysFrom }) => (gatewaysFrom ? [gatewaysFrom] : []));
const NOTHING = `a gateway comes from ${MADE_FROM.slice(0, -1).join(', ')}, or ${MADE_FROM.at(-1)}`;
