// How bytes travel: timeout and retries of the rule, what DestinationRules say of the way to its destinations.
// setTimeout in pilot/pkg/networking/core/route/route.go.

import {
  destinationDelivery,
  type RoutedTo,
  type RuleLookup,
} from '../../../implementations/istio/destination-delivery.js';
import { type Retries, retriesOf } from '../../../implementations/istio/retries.js';
import type { Delivery } from '../../../model/index.js';
import { durationMsOf, objectOf } from '../../../resources/fields.js';
import type { HttpRule } from '../config.js';

/** A plain rule has nothing but the retries of the mesh; most routes share one of these. */
const plain = new WeakMap<Retries, Delivery>();
const NO_RETRIES: Delivery = {};

function plainDelivery(retries: Retries | undefined): Delivery {
  if (!retries) return NO_RETRIES;
  let delivery = plain.get(retries);
  if (!delivery) plain.set(retries, (delivery = { retries }));
  return delivery;
}

/** `routed`: its destinations; `meshRetries`: of rules that say nothing; undefined: none. */
export function deliveryOf(
  rule: HttpRule,
  routed: readonly RoutedTo[],
  lookup: RuleLookup,
  meshRetries: Retries | undefined,
): Delivery {
  const { timeout, retries: written } = rule.fields;
  const timeoutMs = durationMsOf(timeout?.value);
  const retries = written ? retriesOf(objectOf(written.value) ?? {}) : meshRetries;
  const ruled = destinationDelivery(routed, lookup);
  if (!timeoutMs && !written && !ruled) return plainDelivery(meshRetries);
  return {
    ...(timeoutMs ? { timeoutMs } : {}),
    ...(retries ? { retries } : {}),
    ...ruled,
    origin: (timeout ?? written)?.origin ?? rule.origin,
  };
}
