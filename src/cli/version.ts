// The version in package.json, for --version and for reports that name their tool.

import { packageFile } from '../files/index.js';

export const VERSION: string = (JSON.parse(packageFile('package.json')) as { version: string }).version;
