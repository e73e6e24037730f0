// The check of shapes that costs least for these objects. Compiling the schema of a kind takes longer than most commands, so a few
// objects are looked at first, and only where one does not fit is its schema compiled, to say what is wrong.

import type { Diagnostic } from '../../diagnostics/index.js';
import type { Resource } from '../../model/index.js';
import { fits } from './fits.js';

/** Above it compiled checks are faster than looking. */
const MANY_OBJECTS = 200;

/** `validateResource` for these objects; nothing is said of others. */
export async function shapeCheck(resources: readonly Resource[]): Promise<(resource: Resource) => Diagnostic[]> {
  const doubted = new Set(resources.length > MANY_OBJECTS ? resources : resources.filter((r) => !fits(r)));
  if (doubted.size === 0) return () => [];
  const { validateResource } = await import('./validate.js');
  return (resource) => (doubted.has(resource) ? validateResource(resource) : []);
}
