// The plugins that are read, in the order in which Kong runs them.

import { rules as acl } from './acl.js';
import { rules as basicAuth } from './basic-auth.js';
import { rules as botDetection } from './bot-detection.js';
import { rules as correlationId } from './correlation-id.js';
import { rules as cors } from './cors.js';
import { rules as ipRestriction } from './ip-restriction.js';
import { rules as jwt } from './jwt.js';
import { rules as keyAuth } from './key-auth.js';
import type { PluginRules } from './plugin.js';
import { rules as rateLimiting } from './rate-limiting.js';
import { rules as redirect } from './redirect.js';
import { rules as requestSizeLimiting } from './request-size-limiting.js';
import { rules as requestTermination } from './request-termination.js';
import { rules as requestTransformer } from './request-transformer.js';
import { rules as responseTransformer } from './response-transformer.js';

export const pluginRules: readonly PluginRules[] = [
  ...[acl, basicAuth, botDetection, correlationId, cors, ipRestriction, jwt, keyAuth, rateLimiting, redirect],
  ...[requestSizeLimiting, requestTermination, requestTransformer, responseTransformer],
].sort((a, b) => b.priority - a.priority);

/** Plugins of Kong that decide who is let in and are not read. */
const GUARDS =
  /^(oauth2|hmac-auth|ldap-auth|session|openid-connect|mtls-auth|oauth2-introspection|opa|ldap-auth-advanced|key-auth-enc|header-cert-auth|saml|jwe-decrypt|vault-auth|application-registration)$/;
/** Plugins that change no answer: they log, trace and count. */
const SILENT =
  /^(prometheus|zipkin|opentelemetry|datadog|statsd|loggly|file-log|http-log|tcp-log|udp-log|syslog|kafka-log|standard-webhooks|statsd-advanced)$/;

export const guardsByName = (name: string): boolean =>
  GUARDS.test(name) || pluginRules.some((r) => r.name === name && r.guards === true);
export const isSilent = (name: string): boolean => SILENT.test(name);
export const isRead = (name: string): boolean => pluginRules.some((rules) => rules.name === name);
