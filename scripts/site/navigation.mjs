// The pages in the order of the menu: first the jobs, then what is looked up. What is in neither is found by search and by links.

export const NAVIGATION = [
  ['', [['index.html', 'Start']]],
  [
    'Jobs',
    [
      ['ci.html', 'Check in CI'],
      ['ingress-nginx.html', 'Move off ingress-nginx'],
      ['why-404.html', 'Why a 404?'],
      ['compare.html', 'Compare two configurations'],
      ['test-routes.html', 'Test routes'],
      ['serve.html', 'Run the gateway locally'],
      ['ways-in.html', 'List every way in'],
      ['choosing.html', 'Choose an approach'],
      ['editors.html', 'Work in an editor'],
    ],
  ],
  [
    'Dialects',
    [
      ['convert.html', 'Converting'],
      ['traefik.html', 'Traefik'],
      ['kong.html', 'Kong'],
      ['kuma.html', 'Kuma'],
      ['envoy.html', 'Envoy'],
      ['envoy-gateway.html', 'Envoy Gateway'],
      ['controllers.html', 'Controllers compared'],
      ['policies.html', 'Tokens and limits'],
      ['mesh-config.html', 'Mesh configuration'],
    ],
  ],
  [
    'Reference',
    [
      ['rules/index.html', 'Rules of lint'],
      ['library.html', 'Library'],
      ['algebra.html', 'How it decides'],
      ['scale.html', 'What it costs'],
      ['design.html', 'Design'],
    ],
  ],
];
