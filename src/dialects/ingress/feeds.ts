// What the fields of an Ingress become by the Kubernetes specification. Annotations are its controller's, which nobody here knows.

import type { FeedsOf } from '../accounts.js';
import { ingressFeeds } from '../ingress-feeds.js';

export const feeds: FeedsOf = () => ingressFeeds(['Prefix', 'ImplementationSpecific']);
