// Local rate limits that an EnvoyFilter puts in front of a gateway, in the two forms that Istio documents: HTTP_FILTER with
// envoy.filters.http.local_ratelimit and a token bucket, for the whole gateway; and that filter with buckets for routes or
// virtual hosts (istio.io, Tasks, "Enabling Rate Limits using Envoy"; tests/integration/telemetry/policy/testdata/
// enable_envoy_local_ratelimit{,_per_route}.yaml, Istio source of 2026-08-22).

import type { JsonObject, RateLimit } from '../../model/index.js';
import { type EnvoyPatch, insertedFilter, patchedFilter, routeSettings, type Skip } from './envoy-patch.js';
import { type Bucket, bucketOf, FILTER } from './token-bucket.js';

export function rateLimits(patches: readonly EnvoyPatch[], skip: Skip): RateLimit[] {
  const filters = patches.flatMap((patch) => {
    if (patch.patch.applyTo !== 'HTTP_FILTER') return [];
    const read = readFilter(patch.patch);
    if (typeof read !== 'string') return [{ ...read, origin: patch.origin }];
    skip(patch, read);
    return [];
  });
  const scoped = patches.flatMap((patch): RateLimit[] => {
    if (patch.patch.applyTo === 'HTTP_FILTER') return [];
    const read = readScoped(patch.patch);
    const place = filters[0]?.place;
    if (typeof read === 'string') skip(patch, read);
    else if (place === undefined) skip(patch, `a limit without ${FILTER} among the filters`);
    else return [{ ...read.bucket, on: read.on, place, origin: patch.origin }];
    return [];
  });
  const whole = filters.flatMap(({ bucket, place, origin }) => (bucket ? [{ ...bucket, place, origin }] : []));
  return [...whole, ...scoped];
}

/** The filter in the chain, with or without a bucket of its own; or what is not read. */
function readFilter(patch: JsonObject): { bucket?: Bucket; place: RateLimit['place'] } | string {
  if (patchedFilter(patch) !== FILTER) return 'HTTP_FILTER';
  const inserted = insertedFilter(patch);
  if (typeof inserted === 'string') return inserted;
  const bucket = bucketOf(inserted.config);
  if (typeof bucket === 'string') return bucket;
  return bucket ? { bucket, place: inserted.place } : { place: inserted.place };
}

/** A bucket for routes or virtual hosts; or what is not read. */
function readScoped(patch: JsonObject): { bucket: Bucket; on: NonNullable<RateLimit['on']> } | string {
  const settings = routeSettings(patch, FILTER, 'a local rate limit');
  if (typeof settings === 'string') return settings;
  const bucket = bucketOf(settings.config);
  if (typeof bucket === 'string' || !bucket) return bucket ?? `${FILTER} without a bucket`;
  return { bucket, on: settings.on };
}
