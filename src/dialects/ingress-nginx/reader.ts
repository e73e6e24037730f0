// Ingresses of class nginx as the controller and nginx really treat them.

import type { Reader } from '../dialect.js';
import { annotationFindings } from './annotations/findings.js';
import { profile } from './profile.js';
import { read } from './read.js';

export const reader: Reader = { name: 'ingress-nginx', profile, read, annotationFindings };
