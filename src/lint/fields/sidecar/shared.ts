// What Istio's validation says about a Sidecar: ValidateSidecar and what it calls (pkg/config/validation/validation.go and
// agent/validation.go, source of 2026-08-27). Its connection pools and labels: destination-rule/ and shared-values/.

export const REFUSED = "Istio's webhook refuses the Sidecar.";

export const OWN = 'egress: [{hosts: ["./*"]}]';

export const ingress = (listener: string): string => `ingress:\n- ${listener.replaceAll('\n', '\n  ')}\n${OWN}`;

export const HTTP = 'port: {number: 8080, protocol: HTTP, name: http}\ndefaultEndpoint: 127.0.0.1:8080';
