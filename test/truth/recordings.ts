// The recordings of a case. `truth.json` of a system's folder says how it was asked: which gateway answered, what the flags are, and
// whether the system was recorded in several variants (`exchanges.<variant>.json` where it differs from `exchanges.json`).

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatewayRequest } from '../../src/model/index.js';

export interface Recording {
  /** Absent: the system has one only. */
  readonly variant?: string;
  readonly exchanges: string;
  readonly flags: Readonly<Record<string, string>>;
  /** Asked where a request names none and several are there. */
  readonly gateway?: string;
  /** What every request had that the recordings do not say. */
  readonly request?: Partial<GatewayRequest>;
}

interface Truth extends Pick<Recording, 'gateway' | 'request'> {
  readonly variants?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Keys of a case's `settings.json` that are true → flags. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Files of a case → the flag that takes their text. */
  readonly files?: Readonly<Record<string, string>>;
}

export function recordingsOf(folder: string): readonly Recording[] {
  const { gateway, request, variants, settings = {}, files = {} } = truthOf(folder);
  const own = join(folder, 'settings.json');
  const set = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as Record<string, unknown>) : {};
  const flags = Object.assign(
    {},
    ...Object.entries(settings).map(([key, of]) => (set[key] === true ? of : {})),
    ...Object.entries(files).map(([file, flag]) =>
      existsSync(join(folder, file)) ? { [flag]: readFileSync(join(folder, file), 'utf8') } : {},
    ),
  ) as Record<string, string>;
  const usual = join(folder, 'exchanges.json');
  const asked = { ...(gateway === undefined ? {} : { gateway }), ...(request ? { request } : {}) };
  if (!variants) return [{ exchanges: usual, flags, ...asked }];
  return Object.entries(variants).map(([variant, more]) => {
    const differing = join(folder, `exchanges.${variant}.json`);
    return {
      variant,
      exchanges: existsSync(differing) ? differing : usual,
      flags: { ...flags, ...more },
      ...asked,
    };
  });
}

/** The nearest `truth.json` above the case. */
function truthOf(folder: string): Truth {
  const above = dirname(folder);
  const file = join(above, 'truth.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Truth;
  return above.endsWith('/truth') || above === folder ? {} : truthOf(above);
}
