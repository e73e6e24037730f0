import { CannotRunError, load, simulate } from 'meshgw';

try {
  const config = await load('fixtures/article');
  await simulate(config, 'http://httpbin.example.com/', { gateway: 'nosuch' });
} catch (error) {
  if (!(error instanceof CannotRunError)) throw error;
  console.log(error.message);
  console.log(error.hint);
}
