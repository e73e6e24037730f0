// The dialect `ingress-nginx`: Ingresses of class nginx as the controller and nginx really treat them.

import type { Dialect } from '../dialect.js';
import { read } from './read.js';

export const dialect: Dialect = { name: 'ingress-nginx', read };

export { type AnnotationFinding, annotationFindings } from './annotations/findings.js';
export {
  type AnnotationSpec,
  annotationSpec,
  annotationTable,
  PREFIX as annotationPrefix,
} from './annotations/table.js';
