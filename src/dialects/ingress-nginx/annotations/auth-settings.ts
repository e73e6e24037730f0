// Who may pass: basic and digest authentication, external authentication, client certificates
// (internal/ingress/annotations/{auth,authreq,authtls}, kubernetes/ingress-nginx controller-v1.15.1). Secrets and
// ConfigMaps that the files do not hold count as present; what is asked of them is a named condition of the route.

import { type Annotations, or } from './values.js';

export interface AuthSettings {
  readonly denied?: { readonly annotation: string; readonly reason: string };
  readonly basic?: { readonly type: 'basic' | 'digest'; readonly realm: string };
  readonly external?: { readonly url: string; readonly signin?: string };
  readonly clientCertificate?: {
    readonly verify: string;
    readonly matchCn?: string;
    readonly ca: { readonly namespace: string; readonly name: string };
  };
  /** Why every request of the host is refused with 403. */
  readonly clientCertificateError?: string;
}

type Denied = { readonly denied: { readonly annotation: string; readonly reason: string } };
const deny = (annotation: string, reason: string): Denied => ({ denied: { annotation, reason } });

export function readAuth(a: Annotations): AuthSettings {
  const basic = readBasic(a);
  const external = readExternal(a);
  const certificate = readClientCertificate(a);
  const denied = [basic, external, certificate].find((r): r is Denied => r !== undefined && 'denied' in r)?.denied;
  return {
    ...(denied ? { denied } : {}),
    ...(basic && !('denied' in basic) ? { basic } : {}),
    ...(external && !('denied' in external) ? { external } : {}),
    ...(certificate && !('denied' in certificate) ? { clientCertificate: certificate } : {}),
    ...(certificate && 'denied' in certificate ? { clientCertificateError: certificate.denied.reason } : {}),
  };
}

const otherNamespace = (a: Annotations, reference: string): boolean => {
  const parts = reference.split('/');
  return parts.length === 2 && parts[0] !== '' && parts[0] !== a.resource.namespace;
};

function readBasic(a: Annotations): AuthSettings['basic'] | Denied | undefined {
  const type = a.text('auth-type').value;
  if (type === undefined) return undefined;
  const secret = a.text('auth-secret').value;
  if (secret === undefined) return deny('auth-secret', 'auth-type needs a Secret with the users');
  if (secret.split('/').length > 2) return deny('auth-secret', 'not the name of a Secret');
  if (otherNamespace(a, secret)) return deny('auth-secret', 'the Secret has to be in the namespace of the Ingress');
  const realm = or(a.text('auth-realm'), '');
  // `auth_basic off` is how nginx switches it off (ngx_http_auth_basic_module).
  if (realm === 'off') return undefined;
  return { type: type === 'basic' ? 'basic' : 'digest', realm };
}

function readExternal(a: Annotations): AuthSettings['external'] | Denied | undefined {
  const url = a.text('auth-url').value;
  if (url === undefined) return undefined;
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.test(url) || /^[^/]*\/\/[^/?#]*\.\./.test(url)) {
    return deny('auth-url', 'not a URL with scheme and host');
  }
  if (['auth-cache-duration', 'auth-request-redirect', 'auth-always-set-cookie'].some((name) => refused(a, name)))
    return undefined;
  const durations = or(a.text('auth-cache-duration'), '');
  if (!durations.split(',').every((part) => part.trim() === '' || isCacheDuration(part))) {
    return deny('auth-cache-duration', 'a duration (5m) is missing, or status codes follow it');
  }
  const method = a.text('auth-method');
  if (method.value === undefined && method.why === 'refused') return deny('auth-method', 'not an HTTP method');
  const headers = a.text('auth-response-headers');
  if (headers.value === undefined && headers.why === 'refused')
    return deny('auth-response-headers', 'not a list of headers');
  const names = (headers.value ?? '').split(',').map((name) => name.trim());
  if (!names.every((name) => /^[a-zA-Z\d\-_]*$/.test(name)))
    return deny('auth-response-headers', 'not a list of headers');
  const configMap = a.text('auth-proxy-set-headers').value;
  if (configMap !== undefined && otherNamespace(a, configMap)) {
    return deny('auth-proxy-set-headers', 'the ConfigMap has to be in the namespace of the Ingress');
  }
  const signin = a.text('auth-signin').value;
  return { url, ...(signin === undefined ? {} : { signin }) };
}

function refused(a: Annotations, name: string): boolean {
  const read = a.text(name);
  return read.value === undefined && read.why === 'refused';
}

/** ValidCacheDuration in authreq/main.go: status codes, then a duration; other words do not count. */
function isCacheDuration(text: string): boolean {
  let seen = false;
  for (const word of text.split(' ')) {
    if (/^\d{3}$/.test(word)) {
      if (seen) return false;
    } else if (/^\d+(ms|s|m|h|d|w|M|y)$/.test(word)) seen = true;
  }
  return seen;
}

function readClientCertificate(a: Annotations): AuthSettings['clientCertificate'] | Denied | undefined {
  const secret = a.text('auth-tls-secret').value;
  if (secret === undefined) return undefined;
  const parts = secret.split('/');
  if (parts.length !== 2) return deny('auth-tls-secret', 'the Secret has to be named as namespace/name');
  if (otherNamespace(a, secret)) return deny('auth-tls-secret', 'the Secret has to be in the namespace of the Ingress');
  const matchCn = a.text('auth-tls-match-cn').value;
  const [namespace = '', name = ''] = parts;
  const ca = { namespace: namespace || a.resource.namespace, name };
  return { ca, verify: or(a.text('auth-tls-verify-client'), 'on'), ...(matchCn === undefined ? {} : { matchCn }) };
}
