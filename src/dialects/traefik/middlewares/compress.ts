// Compress: pkg/middlewares/compress. It changes how bytes travel, and no answer; a value that it does not take disables the router.

import { stringOf, stringsOf } from '../../../resources/fields.js';
import { Disabled } from '../names.js';
import type { Kind } from './middleware.js';

const ENCODINGS = ['gzip', 'br', 'zstd'];
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
/** mime.ParseMediaType of Go: a type, and parameters. */
const MEDIA_TYPE = new RegExp(`^\\s*${TOKEN}(?:/${TOKEN})?\\s*(?:;\\s*${TOKEN}=(?:${TOKEN}|"[^"]*")\\s*)*;?\\s*$`);

/** Longer ones are not looked at. */
const LONGEST = 256;

export const compress: Kind = (spec) => {
  const [excluded, included] = [stringsOf(spec.excludedContentTypes), stringsOf(spec.includedContentTypes)];
  if (excluded.length > 0 && included.length > 0)
    throw new Disabled('excludedContentTypes and includedContentTypes exclude each other');
  const wrong = [...excluded, ...included].find((type) => type.length <= LONGEST && !MEDIA_TYPE.test(type));
  if (wrong !== undefined) throw new Disabled(`${wrong} is no media type`);
  // The list is there though nothing is in it.
  const encodings = Array.isArray(spec.encodings) ? stringsOf(spec.encodings) : ENCODINGS;
  if (encodings.length === 0) throw new Disabled('encodings is empty');
  const unknown = encodings.find((encoding) => !ENCODINGS.includes(encoding));
  if (unknown !== undefined) throw new Disabled(`there is no encoding ${unknown}; ${ENCODINGS.join(', ')} are`);
  const usual = stringOf(spec.defaultEncoding);
  if (usual && !encodings.includes(usual)) throw new Disabled(`defaultEncoding ${usual} is not among encodings`);
  return (flow, _, next) => next(flow);
};
