// Data of upstream projects that the project does not carry: CustomResourceDefinitions of Istio and Gateway API, OpenAPI
// of Kubernetes, inputs of Istio's analyzers. A test that needs it says that it was skipped where the folder is missing.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder; the variable MESHGW_UPSTREAM names another. */
export const upstream = resolve(process.env.MESHGW_UPSTREAM ?? '../shared/upstream');

export const hasUpstream = existsSync(upstream);
