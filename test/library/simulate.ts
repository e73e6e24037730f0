import { load, simulate } from 'meshgw';

const config = await load('fixtures/article/gateway.yaml');
const answer = await simulate(config, 'http://httpbin.example.com/status/200');
console.log(
  answer.status,
  answer.destination,
  answer.matched?.resource,
  `${answer.matched?.file}:${answer.matched?.line}`,
);

const posted = await simulate(config, {
  port: 80,
  scheme: 'http',
  method: 'POST',
  host: 'httpbin.example.com',
  path: '/nowhere',
  headers: { 'content-type': 'text/plain' },
});
console.log(posted.status, posted.reason);
