// CORS annotations: internal/ingress/annotations/cors/main.go (kubernetes/ingress-nginx controller-v1.15.1).

import { matches } from './check.js';
import { annotationSpec } from './table.js';
import { type Annotations, or } from './values.js';

export interface CorsSettings {
  /** `['*']`, or origins of which one label may be a star. Empty: no origin is allowed and no header is sent. */
  readonly origins: readonly string[];
  readonly methods: string;
  readonly headers: string;
  readonly exposeHeaders: string;
  readonly credentials: boolean;
  readonly maxAge: number;
}

const ORIGIN = '^([a-z]+://(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?|\\*|null)?$';
const METHODS = '^([A-Za-z]+,?\\s?)+$';
const HEADERS = '^[A-Za-z0-9-_, ]*$';
const EXPOSE = '^(([A-Za-z0-9\\-\\_]+|\\*),?\\s?)+$';

export function readCors(a: Annotations): CorsSettings | undefined {
  if (!or(a.bool('enable-cors'), false)) return undefined;
  const text = (name: string, pattern: string): string => {
    const value = a.text(name).value;
    return value !== undefined && matches(pattern, value) ? value : (annotationSpec(name)?.default ?? '');
  };
  return {
    origins: origins(a.text('cors-allow-origin').value),
    methods: text('cors-allow-methods', METHODS),
    headers: text('cors-allow-headers', HEADERS),
    exposeHeaders: text('cors-expose-headers', EXPOSE),
    credentials: or(a.bool('cors-allow-credentials'), true),
    maxAge: or(a.int('cors-max-age'), 1_728_000),
  };
}

function origins(written: string | undefined): readonly string[] {
  if (written === undefined) return ['*'];
  const found: string[] = [];
  for (const part of written.split(',')) {
    const origin = part.trim();
    if (origin === '*') return ['*'];
    if (origin !== '' && matches(ORIGIN, origin)) found.push(origin);
  }
  return found;
}
