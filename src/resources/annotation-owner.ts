// Whose an annotation is, by the domain before its slash.

/** Tools that create, label or sync objects: no gateway reads what they leave. */
const TOOLS =
  /^(kubectl\.kubernetes\.io|meta\.helm\.sh|helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|app\.kubernetes\.io|deployment\.kubernetes\.io|kubernetes\.io\/description)/;

/** Controllers of Ingresses put their annotations under a domain of their own. */
const CONTROLLERS =
  /(^|[.-])(ingress|traefik|kong|konghq|haproxy|projectcontour|getambassador|apisix|gloo|skipper|alb)[.-]/;

export const isOfTool = (annotation: string): boolean => TOOLS.test(annotation);

/** `traefik.ingress.kubernetes.io/router.middlewares`, `konghq.com/plugins`; not `kubernetes.io/ingress.class`, which every controller reads. */
export function isOfController(annotation: string): boolean {
  const slash = annotation.indexOf('/');
  return slash > 0 && CONTROLLERS.test(annotation.slice(0, slash));
}
