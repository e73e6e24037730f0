// What Istio says of a Telemetry beyond its CRD: validateTelemetryTracing and validateTelemetryMetrics of
// pkg/config/validation/validation.go (source of 2026-08-22). Filters: rules/telemetry-filter.ts.

export const TAGS = 'spec.metrics[].overrides[].tagOverrides{}';
