// A key of which nobody has the private half: it was thrown away when this file was written. Envoy refuses a token rule
// without keys; with this one it takes the rule and no token, as Istio does when keys cannot be fetched
// (pilot/pkg/model/jwks_resolver.go, Istio source of 2026-08-22).

export const NOBODYS_KEYS = JSON.stringify({
  keys: [
    {
      kty: 'RSA',
      e: 'AQAB',
      n: '4SKJu5SaTcHvBPp223WFoOt08uGyPf5bz_ncor7s3rNSJXhsIgDNbgDguCvkj7pofxsaTRoalKMy-YISomRwITcGUHqDWc8g5xnD_7WGenbU348xr8XJtK-K4t61r-uGokTqyWd8tJI9mvTTBmSsA8nUI-lOdj6a8CltYInm5ExIAN65RpErAAPz8THdLqMqUxj2nOZ9kz_nCZD5YyjeDTtPymdBO-BbqfiBPpuNH-NP4wgl00ZNMX_UKIEiIaaCAr5Fwm_EWpgIq7Z3dEbwRWESI1HLiqRlFUHD7MFDKGs_DQSEbPTUuul7_TtLrIlLKIxzp1aRlmA7eTWmMGI1xQ',
    },
  ],
});
