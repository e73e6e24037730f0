// What `npm run build` made of src/page: the program and the style of the HTML pages.

import { CannotRunError } from '../diagnostics/index.js';
import { packageFile } from '../files/index.js';
import type { PageAssets } from '../report/html/page.js';

/** @throws CannotRunError where the package was not built */
export const pageAssets = (): PageAssets => ({ script: asset('page.js'), style: asset('page.css') });

function asset(name: string): string {
  try {
    return packageFile(`dist/page/${name}`);
  } catch (error) {
    throw new CannotRunError(`the page's ${name} is missing`, 'run npm run build', { cause: error });
  }
}
