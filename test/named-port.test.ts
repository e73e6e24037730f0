// A port that is named while its Service is not in the files: kept by name where the target can, asked for where not, and said.
import { expect, test } from 'vitest';
import { convert, diff, load, routes, simulate } from '../src/api/index.js';

const ingress = (className: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: ${className}
  rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]
`;
const service = (name: string) =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {a: b}, ports: [{name: http, port: 8080}]}\n`;
const REQUEST = { port: 80, scheme: 'http', method: 'GET', host: 'web.example.com', path: '/' } as const;

for (const className of ['nginx', 'istio', 'other']) {
  const read = (more = '') => load({ file: 'a.yaml', text: ingress(className) + more });

  test(`${className}: the name is shown, and that its number is not known`, async () => {
    const config = await read();
    const answer = await simulate(config, REQUEST);
    expect(answer).toMatchObject({
      status: 200,
      destination: { host: 'web.default.svc.cluster.local', portName: 'http' },
      unknown: [{ feature: 'destination.port-name', message: expect.stringContaining('add the Service') }],
    });
    expect(JSON.stringify(routes(config))).toContain('web.default.svc.cluster.local:http');
    expect(diff(config, await read()).equivalent).toBe(true);
  });

  test(`${className}: whether a name and a number are one port is open; two names are two`, async () => {
    const numbered = await load({ file: 'a.yaml', text: ingress(className).replace('{name: http}', '{number: 8080}') });
    for (const [before, after] of [
      [await read(), numbered],
      [numbered, await read()],
    ] as const) {
      const { equivalent, differences, undecided } = diff(before, after);
      expect([equivalent, differences]).toEqual(['undecided', []]);
      expect(undecided).toMatchObject([
        { reason: expect.stringMatching(/whether port http of web\.default\S* is 8080 is not in the files/) },
      ]);
    }
    const other = await load({ file: 'a.yaml', text: ingress(className).replace('{name: http}', '{name: https}') });
    expect(diff(await read(), other).equivalent).toBe(false);
    const elsewhere = await load({
      file: 'a.yaml',
      text: ingress(className).replace('{name: web, port: {name: http}}', '{name: shop, port: {number: 8080}}'),
    });
    expect(diff(await read(), elsewhere).equivalent).toBe(false);
    const known = await load({
      file: 'a.yaml',
      text: ingress(className).replace('{name: http}', '{number: 8080}') + service('web'),
    });
    expect(diff(await read(service('web')), known).equivalent).toBe(true);
  });

  test(`${className}: Istio takes the only port of the Service, which is said`, async () => {
    const said = (
      items: readonly { readonly feature: string; readonly severity: string; readonly message: string }[],
    ) => items.filter((i) => /^destination\.port-name/.test(i.feature)).map((i) => `${i.severity} ${i.feature}`);
    const alone = convert(await read(), { from: 'ingress', to: 'istio', verify: true });
    expect(said(alone.items)).toEqual(['approximate destination.port-name.only']);
    expect(alone.items.find((i) => i.feature === 'destination.port-name.only')?.message).toMatch(
      /port http of Service default\/web .*--service-port default\/web:http=NUMBER/,
    );
    expect(alone.verified).toMatchObject({ undecided: [], unannounced: 0 });
    expect(alone.yaml).toContain('host: web.default.svc.cluster.local\n');
    expect(alone.yaml).not.toMatch(/destination:\n +host: .*\n +port:/);
    // Two names are two ports: neither is the only one.
    const second = ingress(className)
      .replace('{name: http}', '{name: admin}')
      .replace('metadata: {name: web}', 'metadata: {name: other}')
      .replace('path: /,', 'path: /admin,');
    const both = await load({ file: 'a.yaml', text: `${ingress(className)}\n---\n${second}` });
    expect(new Set(said(convert(both, { from: 'ingress', to: 'istio' }).items))).toEqual(
      new Set(['refused destination.port-name']),
    );
  });

  test(`${className}: to the Gateway API it is asked for`, async () => {
    const to = 'gateway-api';
    const { items, yaml, verified } = convert(await read(), {
      from: 'ingress',
      to,
      verify: true,
      defaultTlsSecret: { namespace: 'a', name: 'b' },
    });
    expect(items.filter((i) => i.severity === 'refused')).toMatchObject([
      {
        feature: 'destination.port-name',
        message: expect.stringMatching(/port http of Service default\/web .*--service-port default\/web:http=NUMBER/),
      },
    ]);
    expect(verified?.unannounced).toBe(0);
    expect(yaml).not.toContain('65535');
    const known = convert(await read(service('web')), {
      from: 'ingress',
      to,
      verify: true,
      defaultTlsSecret: { namespace: 'a', name: 'b' },
    });
    expect(known.items.filter((i) => i.severity === 'refused')).toEqual([]);
    expect(known.yaml).toContain('8080');
  });

  test(`${className}: its number can be given, for one Service or for all`, async () => {
    for (const servicePorts of [{ http: 8080 }, { http: 1, 'default/web:http': 8080, 'default/shop:http': 2 }]) {
      const file = { file: 'a.yaml', text: ingress(className) };
      const config = await load(file, { servicePorts });
      expect(await simulate(config, REQUEST)).toMatchObject({
        destination: { host: 'web.default.svc.cluster.local', port: 8080 },
      });
      expect(config.assumptions).toContainEqual(
        expect.objectContaining({ code: 'service-port', message: expect.stringMatching(/^port http of .* is 8080$/) }),
      );
      const written = convert(config, { from: 'ingress', to: 'istio', verify: true });
      expect(written.items.filter((i) => i.severity === 'refused')).toEqual([]);
      expect(written.verified?.undecided).toEqual([]);
      expect(written.yaml).toContain('number: 8080');
    }
    const known = await load(
      { file: 'a.yaml', text: ingress(className) + service('web') },
      { servicePorts: { http: 1 } },
    );
    expect(await simulate(known, REQUEST)).toMatchObject({ destination: { port: 8080 } });
  });

  test(`${className}: an Ingress keeps it`, async () => {
    const { items, yaml } = convert(await read(), {
      from: 'ingress',
      to: 'ingress',
      defaultTlsSecret: { namespace: 'a', name: 'b' },
    });
    expect(yaml).toContain('name: http');
    expect(items.filter((i) => i.feature === 'destination.port-name')).toEqual([]);
  });

  test(`${className}: files that hold the Services show that there is none`, async () => {
    const answer = await simulate(await read(service('other')), REQUEST);
    expect(answer.destination).toBeNull();
    expect(answer.status).toBeGreaterThanOrEqual(404);
  });
}
