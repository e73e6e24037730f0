// Which of the gateways in the files a request means (contract.md, "meshgw simulate": --gateway and its default).

import { CannotRunError } from '../diagnostics/index.js';
import type { EffectiveGateway } from '../model/index.js';

const ISTIO_DEFAULT = 'istio=ingressgateway';

/** The gateway called `name`, or the default one. Throws CannotRunError where there is none, or several without a default. */
export function chooseGateway(gateways: readonly EffectiveGateway[], name?: string): EffectiveGateway {
  const list = gateways.map((g) => g.id).join(', ');
  if (name !== undefined) {
    const found = gateways.find((g) => g.id === name) ?? gateways.find((g) => g.aliases?.includes(name));
    if (found) return found;
    throw new CannotRunError(
      `no gateway ${JSON.stringify(name)} in the files`,
      list ? `the files define: ${list}` : NOTHING,
    );
  }
  const istio = gateways.find((g) => g.id === ISTIO_DEFAULT);
  if (istio) return istio;
  if (gateways.length === 0) throw new CannotRunError('the files define no gateway', NOTHING);
  // A Service is a way in too, but nobody means it unless they say so.
  const entries = gateways.filter((g) => g.dialect !== 'service');
  const candidates = entries.length > 0 ? entries : gateways;
  if (candidates.length === 1) return candidates[0]!;
  throw new CannotRunError('the files define several gateways', `choose one with --gateway: ${list}`);
}

const NOTHING =
  'a gateway comes from an Ingress, an Istio Gateway, a Gateway API Gateway, or a Service of type NodePort or LoadBalancer';
