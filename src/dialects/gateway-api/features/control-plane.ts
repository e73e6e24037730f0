// Whose control plane reads the objects, for features that it reads otherwise than the standard says.

/** Absent: by the standard. */
export interface ControlPlane {
  readonly controlPlane?: 'istio' | undefined;
}
