import { packageFile } from '../../files/index.js';

/** A file of schemas/, by its path there. */
export const readSchema = (name: string): unknown => JSON.parse(packageFile(`schemas/${name}`));
