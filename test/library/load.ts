import { load } from 'meshgw';

const config = await load(['fixtures/article/ingress.yaml', 'fixtures/article/gateway.yaml']);
console.log(config.gateways.map((gateway) => gateway.id));
