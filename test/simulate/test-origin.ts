// An origin for models that are made by hand.

import type { Origin, Resource } from '../../src/model/index.js';

const resource: Resource = {
  apiVersion: 'v1',
  group: '',
  version: 'v1',
  kind: 'Test',
  name: 'test',
  namespace: 'default',
  labels: {},
  annotations: {},
  order: 0,
  object: {},
  document: { file: 'test', startLine: 1, text: '' },
  base: [],
};

export const testOrigin: Origin = { resource, path: [] };
