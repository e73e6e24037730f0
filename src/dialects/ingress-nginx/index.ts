// The dialect `ingress-nginx`: Ingresses of class nginx as the controller and nginx really treat them.

import type { Dialect } from '../dialect.js';
import { annotationFindings } from './annotations/findings.js';
import { feeds } from './feeds.js';
import { forwardedHeaders } from './leaving.js';
import { reader } from './reader.js';

export const dialect: Dialect = { ...reader, feeds, forwardedHeaders };

export {
  type AnnotationSpec,
  annotationSpec,
  annotationTable,
  PREFIX as annotationPrefix,
} from './annotations/table.js';
export { annotationFindings };
