// Objects of Kong's own kinds that a controller reads.

import { own, type Resource } from '../../../model/index.js';

export const GROUP = 'configuration.konghq.com';

/** Objects without a class field say theirs with the annotation. */
export const isOfClass = ({ annotations }: Resource, className: string): boolean =>
  own(annotations, 'kubernetes.io/ingress.class') === className;
