// Envoy's `retry_on` as Istio writes it: conditions and, among them, statuses as numbers.

export interface RetryOn {
  readonly conditions: readonly string[];
  readonly statuses: readonly number[];
}

/** `connect-failure,503` → the condition and the status. Words are not checked. */
export function retryOnOf(text: string): RetryOn {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const isStatus = (word: string): boolean => /^\d+$/.test(word);
  return { conditions: words.filter((word) => !isStatus(word)), statuses: words.filter(isStatus).map(Number) };
}

/** The condition that statuses need. */
export const RETRIABLE_STATUSES = 'retriable-status-codes';

/** When Istio tries again where nothing else is set. */
export const ISTIO_RETRY_ON = `connect-failure,refused-stream,unavailable,cancelled,${RETRIABLE_STATUSES}`;

/** The other way round: statuses in front of the condition that they need. */
export function retryOnText({ conditions, statuses }: RetryOn): string {
  const others = conditions.filter((condition) => condition !== RETRIABLE_STATUSES);
  return [...others, ...statuses, ...(conditions.length > others.length ? [RETRIABLE_STATUSES] : [])].join(',');
}
