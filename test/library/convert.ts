import { convert, load } from 'meshgw';

const config = await load('fixtures/article/ingress.yaml');
const { yaml, items, verified } = convert(config, { from: 'ingress', to: 'istio', verify: true });
console.log(yaml.split('\n').slice(0, 6).join('\n'));
console.log(items.filter((item) => item.severity !== 'exact').map((item) => item.feature));
console.log(verified?.equivalent, verified?.unannounced);
