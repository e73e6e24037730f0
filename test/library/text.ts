import { load, routes } from 'meshgw';

const config = await load({
  file: 'shop.yaml',
  text: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /cart
            pathType: Prefix
            backend:
              service: { name: cart, port: { number: 80 } }
`,
});
for (const { listeners } of routes(config).gateways)
  for (const { port, chains } of listeners)
    for (const { virtualHosts } of chains)
      for (const { hosts, routes: rows } of virtualHosts)
        for (const { match, action } of rows) console.log(port, hosts.join(' '), match, '→', action);
