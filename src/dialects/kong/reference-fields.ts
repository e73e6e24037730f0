// Which fields and annotations of Kong's controller name other objects.

import { annotation, annotationList, field, type References, SECRET } from '../reference-field.js';

const PLUGINS = ['configuration.konghq.com/KongPlugin', 'configuration.konghq.com/KongClusterPlugin'];

export const references: References = [
  [
    '*',
    [
      annotationList('konghq.com/plugins', PLUGINS),
      annotation('konghq.com/upstream-policy', ['configuration.konghq.com/KongUpstreamPolicy']),
    ],
  ],
  ...['KongPlugin', 'KongClusterPlugin'].map((kind): References[number] => [
    `configuration.konghq.com/${kind}`,
    [field('configFrom.secretKeyRef.name', [SECRET])],
  ]),
  [
    'configuration.konghq.com/KongConsumer',
    [field('credentials.*', [SECRET]), field('consumerGroups.*', ['configuration.konghq.com/KongConsumerGroup'])],
  ],
];
