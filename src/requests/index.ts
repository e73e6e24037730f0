// Request files in every format that people have: recognised by what is in them, never by their name.

import { load, YAMLException } from 'js-yaml';
import { CannotRunError } from '../diagnostics/index.js';
import type { RequestFile } from './expectation.js';
import { badField, type Cursor, isFields, listOf } from './fields.js';
import { looksLikeHurl } from './hurl-lines.js';
import { looksLikeAccessLog, readAccessLog } from './read-access-log.js';
import { readConfigValidator } from './read-config-validator.js';
import { readExchanges, readRequests } from './read-exchanges.js';
import { readHar } from './read-har.js';
import { readHurl } from './read-hurl.js';
import { readRouterCheck } from './read-router-check.js';

export { checkResult, place } from './check.js';
export type { Difference } from './difference.js';
export type * from './expectation.js';
export { requestFromUrl, type UrlFlags } from './from-url.js';

const FORMATS =
  'a list of requests, a list of exchanges {request, response}, tests of router_check_tool or istio-config-validator, a HAR file, a Hurl file, or an access log of Envoy';

/** Reads a file of requests. @throws CannotRunError with file and line. */
export function readRequestFile(name: string, text: string): RequestFile {
  if (text.trim() === '') throw new CannotRunError(`${name}: the file is empty`, `it may be ${FORMATS}`);
  const notes: string[] = [];
  if (looksLikeAccessLog(text)) return { format: 'access-log', requests: readAccessLog(text, notes), notes };
  if (looksLikeHurl(text)) return { format: 'hurl', requests: readHurl(text, notes), notes };
  const value = parse(name, text);
  const at: Cursor = { file: { name, text }, path: [] };
  if (isFields(value)) {
    if (Array.isArray(value.tests))
      return {
        format: 'router-check',
        requests: readRouterCheck(value.tests, { ...at, path: ['tests'] }, notes),
        notes,
      };
    if (value.testCases !== undefined) {
      const place: Cursor = { ...at, path: ['testCases'] };
      const items = listOf(value.testCases, place, 'testCases');
      return { format: 'istio-config-validator', requests: readConfigValidator(items, place, notes), notes };
    }
    if (isFields(value.log)) return { format: 'har', requests: readHar(value.log, at, notes), notes };
    if (isFields(value.request)) return { format: 'exchanges', requests: readExchanges([value], at), notes };
    if (typeof value.host === 'string' || typeof value.url === 'string')
      return { format: 'requests', requests: readRequests([value], at), notes };
  }
  if (!Array.isArray(value)) throw badField(at, 'this is not a file of requests', `it may be ${FORMATS}`);
  const first = value.find(isFields);
  if (first && 'input' in first) return { format: 'router-check', requests: readRouterCheck(value, at, notes), notes };
  if (first && ('request' in first || 'response' in first))
    return { format: 'exchanges', requests: readExchanges(value, at), notes };
  return { format: 'requests', requests: readRequests(value, at), notes };
}

function parse(name: string, text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // Not JSON: flow YAML, or a mistake that the YAML parser places.
    }
  }
  try {
    return load(text, { filename: name });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    throw new CannotRunError(`${name}:${line}: ${error.reason}`, `it may be ${FORMATS}`);
  }
}
