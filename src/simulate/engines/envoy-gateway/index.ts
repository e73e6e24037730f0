// Envoy as Envoy Gateway configures it (internal/xds/translator/listener.go and route.go, v1.9.1; asked of Envoy 1.40): slashes are
// merged, an escaped slash is a redirect to the path without the escape, header names with an underscore are refused, and nothing is
// told to destinations of what the path or the host was before, but for x-forwarded-host. A ClientTrafficPolicy says some of it otherwise.

import type { Intake } from '../../../model/index.js';
import type { EngineRules } from '../engine-rules.js';
import { engine as envoy } from '../envoy/index.js';
import { takingIn } from '../envoy/intake.js';

/** The header of the server stays the destination's (PASS_THROUGH). */
const { server: _, ...bareWire } = envoy.wire;

export const engine: EngineRules = configured({});

function configured(intake: Intake): EngineRules {
  const rules = takingIn(
    // No retries without a policy.
    { ...envoy, wire: { ...bareWire, retries: { attempts: 0, on: '', backoffMs: 0 } } },
    {
      escapedSlashes: 'redirect',
      normalizePath: true,
      mergeSlashes: true,
      fragments: 'reject',
      underscores: 'reject',
      clientCertificates: false,
      envoyHeaders: false,
      ...intake,
    },
  );
  return {
    ...rules,
    engine: 'envoy-gateway',
    // Escaped slashes and double ones are left out whatever is configured.
    paths: { ...envoy.paths, never: [...envoy.paths.never, '.*//.*', '.*%(?:2[Ff]|5[Cc]).*'] },
    bookkeeping(view, { hostBefore, path }) {
      const edits = rules.bookkeeping?.(view, { hostBefore, path }) ?? [];
      if (hostBefore === undefined) return edits;
      const value = [...view.lines('x-forwarded-host'), hostBefore].join(',');
      return [...edits, { op: 'set', name: 'x-forwarded-host', value }];
    },
    configured,
  };
}
