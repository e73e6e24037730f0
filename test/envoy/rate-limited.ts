// A gateway with the local rate limit of Istio's documentation, in several places and forms.
import { stringify } from 'yaml';
import { GATEWAY, httpbin } from './istio-objects.js';

/** In front of everything, in front of the router, with another status, without effect. */
export const RATE_LIMITS: readonly { subFilter: string; config: object; scoped?: Scoped }[] = [
  {
    subFilter: '',
    config: { response_headers_to_add: [{ append: false, header: { key: 'x-local-rate-limit', value: 'true' } }] },
  },
  { subFilter: 'envoy.filters.http.router', config: {} },
  { subFilter: 'envoy.filters.http.router', config: { status: { code: 503 } } },
  { subFilter: '', config: { filter_enforced: undefined } },
  // Buckets of routes and virtual hosts, beside one for the rest and without.
  {
    subFilter: '',
    config: {},
    scoped: { applyTo: 'HTTP_ROUTE', vhost: { name: 'a.example.com:80', route: { action: 'ANY' } } },
  },
  {
    subFilter: '',
    config: { token_bucket: undefined },
    scoped: { applyTo: 'HTTP_ROUTE', vhost: { name: 'a.example.com:80', route: { name: 'all' } } },
  },
  {
    subFilter: 'envoy.filters.http.router',
    config: {},
    scoped: { applyTo: 'VIRTUAL_HOST', vhost: { name: 'a.example.com:80' } },
  },
  { subFilter: '', config: {}, scoped: { applyTo: 'VIRTUAL_HOST', vhost: { name: 'b.example.com:80' } } },
];

interface Scoped {
  readonly applyTo: 'HTTP_ROUTE' | 'VIRTUAL_HOST';
  readonly vhost: object;
}

/** Three requests an hour; `/denied` is refused by a policy. */
export function rateLimited({ subFilter, config, scoped }: (typeof RATE_LIMITS)[number]): string {
  const always = (key: string) => ({ runtime_key: key, default_value: { numerator: 100, denominator: 'HUNDRED' } });
  const documents = [
    GATEWAY,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'vs', namespace: 'default' },
      spec: {
        hosts: ['a.example.com'],
        gateways: ['gw'],
        http: [
          {
            name: 'all',
            route: [{ destination: { host: 'httpbin', port: { number: 8000 } } }],
            headers: { response: { set: { 'x-answer': 'yes' } } },
          },
        ],
      },
    },
    httpbin(8000),
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'no', namespace: 'istio-system' },
      spec: { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/denied'] } }] }] },
    },
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'limit', namespace: 'istio-system' },
      spec: {
        workloadSelector: { labels: { istio: 'ingressgateway' } },
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: {
              context: 'GATEWAY',
              listener: {
                filterChain: {
                  filter: {
                    name: 'envoy.filters.network.http_connection_manager',
                    ...(subFilter ? { subFilter: { name: subFilter } } : {}),
                  },
                },
              },
            },
            patch: {
              operation: 'INSERT_BEFORE',
              value: {
                name: 'envoy.filters.http.local_ratelimit',
                typed_config: {
                  '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
                  type_url: 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                  value: {
                    stat_prefix: 'http_local_rate_limiter',
                    token_bucket: { max_tokens: 3, tokens_per_fill: 3, fill_interval: '3600s' },
                    filter_enabled: always('on'),
                    filter_enforced: always('enforced'),
                    ...config,
                  },
                },
              },
            },
          },
          ...(scoped
            ? [
                {
                  applyTo: scoped.applyTo,
                  match: { context: 'GATEWAY', routeConfiguration: { vhost: scoped.vhost } },
                  patch: {
                    operation: 'MERGE',
                    value: {
                      typed_per_filter_config: {
                        'envoy.filters.http.local_ratelimit': {
                          '@type':
                            'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                          stat_prefix: 'scoped',
                          token_bucket: { max_tokens: 2, fill_interval: '3600s' },
                          filter_enabled: always('on'),
                          filter_enforced: always('enforced'),
                        },
                      },
                    },
                  },
                },
              ]
            : []),
        ],
      },
    },
  ];
  return documents.map((d) => stringify(d, { version: '1.1', aliasDuplicateObjects: false })).join('---\n');
}
