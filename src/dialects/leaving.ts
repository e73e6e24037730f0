// What is lost when a gateway of a dialect gives way to Envoy and no field of the model says: what its engine does by itself, and settings
// that the model does not hold. The folder's `leaving.ts` exports it as `leaving`; without one, `plain` below.

import type { Delivery, DialectName, Route } from '../model/index.js';
import type { FeatureKey } from './dialect.js';

export interface Leaving {
  readonly engine: readonly EngineLoss[];
  /** Of a setting in `Delivery.settings`: the entry of the feature table and what is lost; undefined: nothing. */
  setting?(name: string, delivery: Delivery): { readonly key: FeatureKey; readonly message: string } | undefined;
}

export interface EngineLoss {
  readonly feature: FeatureKey;
  /** `tls`: there is TLS, and the target finds hosts by the server name of the connection. */
  readonly applies: (routes: readonly Route[], tls: boolean) => boolean;
  readonly message: string;
  /** It is about what Envoy does by itself and a control plane sets otherwise. Others are not asked where the source's engine is Envoy. */
  readonly ofEnvoy?: true;
  /** The same where nobody knows which data plane comes next; absent: nothing to say then. */
  readonly elsewhere?: string;
}

export const TLS_NAMES: EngineLoss = {
  feature: 'engine.tls-names',
  applies: (_, tls) => tls,
  message:
    'the source serves every host on every TLS connection; the target serves a host only on connections whose server name (SNI) is that of the host',
  elsewhere:
    'the source serves every host on every TLS connection; a listener of the Gateway API serves only those of its host name',
};

/** Of a controller of which only the Kubernetes specification is known. */
export const plain: Leaving = {
  engine: [
    {
      feature: 'engine.path-normalisation',
      applies: () => true,
      message:
        'the Kubernetes specification matches the path unchanged; Envoy resolves /../ and /./ and decodes what needs no escape first',
      elsewhere: 'whether /../ and escapes in paths are resolved before they are matched depends on the implementation',
    },
    TLS_NAMES,
  ],
};

export type LeavingByDialect = Readonly<Partial<Record<DialectName, Leaving>>>;
