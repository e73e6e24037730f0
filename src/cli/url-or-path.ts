// Which arguments of a command are requests and which are paths of configuration. A request has its scheme: without one it
// cannot be distinguished from a path, so what looks like a host is answered with the spelling that was meant, not guessed as curl does.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/index.js';
import { own } from '../model/index.js';

/** `[scheme]://rest`. */
const WITH_SCHEME = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i;
/** One slash lost: `http:/shop.example.com`. */
const LOST_SLASH = /^(https?):\/?([^/].*)$/i;
/** A host with or without a port, then the end, a path or a query. */
const HOST_FORM = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(:\d+)?(?:[/?#].*)?$/i;
const CONFIG_FILE = /\.(ya?ml|json)$/i;

/** Throws CannotRunError for what is neither a request nor a path that exists, but reads like a request. */
export function urlsAndPaths(words: readonly string[], cwd: string): { urls: string[]; paths: string[] } {
  const urls: string[] = [];
  const paths: string[] = [];
  for (const word of words) {
    const scheme = WITH_SCHEME.exec(word)?.[1]?.toLowerCase();
    if (scheme === 'http' || scheme === 'https') urls.push(word);
    else if (word === '' || existsSync(resolve(cwd, word))) paths.push(word);
    else if (scheme !== undefined) throw unknownScheme(word, scheme);
    else {
      const meant = meantUrl(word);
      if (meant !== undefined)
        throw new CannotRunError(`${word}: no such file or folder; a URL needs its scheme`, `as a request: ${meant}`);
      paths.push(word);
    }
  }
  return { urls, paths };
}

function unknownScheme(word: string, scheme: string): CannotRunError {
  const meant = own({ ws: 'http', wss: 'https', grpc: 'http', grpcs: 'https' }, scheme);
  return new CannotRunError(
    `${word}: the URL scheme must be http or https, not ${scheme}`,
    meant
      ? `as a request: ${meant}${word.slice(scheme.length)}`
      : 'give it as http://host/path or https://host:port/path',
  );
}

/** The URL that a word without `://` probably means. */
function meantUrl(word: string): string | undefined {
  const lost = LOST_SLASH.exec(word);
  if (lost && !/^\d+(\/|$)/.test(lost[2]!)) return `${lost[1]!.toLowerCase()}://${lost[2]}`;
  const m = HOST_FORM.exec(word);
  if (!m || CONFIG_FILE.test(word)) return undefined;
  const [, host, port] = m;
  const named = port !== undefined || host === 'localhost' || host!.startsWith('[') || host!.includes('.');
  return named ? `${port === ':443' ? 'https' : 'http'}://${word}` : undefined;
}
