// What the schemas of Kong's plugins take, as far as this tool reads the plugins (kong/plugins/*/schema.lua of Kong 3.10).

export type FieldType =
  | {
      readonly is: 'string';
      readonly oneOf?: readonly string[];
      readonly url?: true;
      readonly required?: true;
      readonly empty?: true;
    }
  | { readonly is: 'boolean' }
  | { readonly is: 'number'; readonly whole?: true; readonly between?: readonly [number, number] }
  | { readonly is: 'array'; readonly of: FieldType | 'address' | 'pair' | 'header' }
  | { readonly is: 'record'; readonly fields: Fields };

export type Fields = Readonly<Record<string, FieldType>>;

const text = { is: 'string' } as const;
const flag = { is: 'boolean' } as const;
const number = { is: 'number' } as const;
const whole = { is: 'number', whole: true } as const;
const texts = { is: 'array', of: text } as const;
const pairs = { is: 'array', of: 'pair' } as const;
const status = { is: 'number', whole: true, between: [100, 599] } as const;
const record = (fields: Fields): FieldType => ({ is: 'record', fields });

const plain = { body: texts, headers: texts, querystring: texts };
const paired = { body: pairs, headers: pairs, querystring: pairs };
const json = { json: texts, headers: texts };
const jsonPairs = { json: pairs, json_types: texts, headers: pairs };
const limits = { second: number, minute: number, hour: number, day: number, month: number, year: number };

export const schemas: Readonly<Record<string, Fields>> = {
  acl: { allow: texts, deny: texts, hide_groups_header: flag, always_use_authenticated_groups: flag },
  'basic-auth': { anonymous: text, hide_credentials: flag, realm: text },
  'bot-detection': { allow: texts, deny: texts },
  'correlation-id': {
    header_name: text,
    generator: { is: 'string', oneOf: ['uuid', 'uuid#counter', 'tracker'] },
    echo_downstream: flag,
  },
  cors: {
    origins: texts,
    headers: texts,
    exposed_headers: texts,
    methods: {
      is: 'array',
      of: {
        is: 'string',
        oneOf: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'],
      },
    },
    max_age: number,
    credentials: flag,
    private_network: flag,
    preflight_continue: flag,
    allow_origin_absent: flag,
  },
  'ip-restriction': {
    allow: { is: 'array', of: 'address' },
    deny: { is: 'array', of: 'address' },
    status: number,
    message: text,
  },
  jwt: {
    uri_param_names: texts,
    cookie_names: texts,
    header_names: texts,
    key_claim_name: text,
    secret_is_base64: flag,
    claims_to_verify: { is: 'array', of: { is: 'string', oneOf: ['exp', 'nbf'] } },
    anonymous: text,
    run_on_preflight: flag,
    maximum_expiration: number,
    realm: text,
  },
  'key-auth': {
    key_names: { is: 'array', of: 'header' },
    hide_credentials: flag,
    anonymous: text,
    key_in_header: flag,
    key_in_query: flag,
    key_in_body: flag,
    run_on_preflight: flag,
    realm: text,
  },
  'rate-limiting': {
    ...limits,
    limit_by: { is: 'string', oneOf: ['consumer', 'credential', 'ip', 'service', 'header', 'path', 'consumer-group'] },
    header_name: text,
    path: text,
    policy: { is: 'string', oneOf: ['local', 'cluster', 'redis'] },
    fault_tolerant: flag,
    redis: record({}),
    hide_client_headers: flag,
    error_code: number,
    error_message: text,
    sync_rate: number,
    // Old names of fields of `redis` (shorthand_fields, to be removed in Kong 4.0).
    ...{ redis_host: text, redis_port: whole, redis_username: text, redis_server_name: text, redis_timeout: whole },
    ...{
      redis_password: { is: 'string', empty: true },
      redis_database: whole,
      redis_ssl: flag,
      redis_ssl_verify: flag,
    },
  },
  redirect: {
    status_code: status,
    location: { is: 'string', url: true, required: true },
    keep_incoming_path: flag,
  },
  'request-size-limiting': {
    allowed_payload_size: whole,
    size_unit: { is: 'string', oneOf: ['megabytes', 'kilobytes', 'bytes'] },
    require_content_length: flag,
  },
  'request-termination': {
    status_code: status,
    message: text,
    content_type: text,
    body: text,
    echo: flag,
    trigger: text,
  },
  'request-transformer': {
    http_method: { is: 'string' },
    remove: record(plain),
    rename: record(paired),
    replace: record({ ...paired, uri: text }),
    add: record(paired),
    append: record(paired),
  },
  'response-transformer': {
    remove: record(json),
    rename: record(jsonPairs),
    replace: record(jsonPairs),
    add: record(jsonPairs),
    append: record(jsonPairs),
  },
};
