// The losses of a translation, sorted by what a person has to do about them.

/** Something has to be copied, deployed or configured, or the output does not work. */
const TO_DO =
  /^(tls\.(secret-namespace|default-certificate)|gateway\.workload|annotation\.foreign|condition\.external-auth|destination-rule|policies(\..*)?)$/;
/** Requests get the same answer; what carries them differs. */
const CARRIAGE =
  /^(annotation\.(?!proxy-redirect|proxy-cookie|enable-modsecurity|ssl-passthrough|configuration|server-snippet).*|delivery\..*|engine\.original-path|rule-order\.patterns|mirror\.(request|host)|ingress\.(ports|one-gateway)|hsts)$/;

/** In the order in which they are told. */
export const GROUPS = [
  { key: 'refused', mark: '✗', title: 'Cannot be said: decide what takes its place' },
  { key: 'todo', mark: '!', title: 'To do before requests move' },
  { key: 'differs', mark: '~', title: 'Answered differently in some cases: do your clients care?' },
  { key: 'carriage', mark: '·', title: 'Answered alike, carried differently' },
] as const;

export type GroupKey = (typeof GROUPS)[number]['key'];

export function groupOf(item: { readonly severity: string; readonly feature: string }): GroupKey {
  if (item.severity === 'refused' && !/^(tls\.default-certificate|destination-rule)$/.test(item.feature))
    return 'refused';
  if (TO_DO.test(item.feature)) return 'todo';
  return CARRIAGE.test(item.feature) ? 'carriage' : 'differs';
}
