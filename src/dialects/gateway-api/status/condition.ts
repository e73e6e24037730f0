// Conditions about one place, made with the words of the API.

import type { Origin, StatusCondition } from '../../../model/index.js';
import type { ConfigError } from '../features/config-error.js';

export type MakeCondition = (type: string, status: boolean, reason: string, message: string) => StatusCondition;

export const conditionsAbout =
  (origin: Origin): MakeCondition =>
  (type, status, reason, message) => ({ type, status, reason, message, origin });

/** An error under the name that a status has for it. */
export type NamedError = Pick<ConfigError, 'message' | 'origin' | 'open'> & { readonly reason: string };

/** A condition that says no, about the place of the error. */
export const failed = (type: string, { reason, message, origin, open }: NamedError): StatusCondition => ({
  ...conditionsAbout(origin)(type, false, reason, message),
  ...(open && { open }),
});
