/**
 * The value-gap penalty as a value function: upper variables (x, y), lower variables z, both levels seen as
 *
 *   F((x, y), z) = f(x, y) + gamma (g(x, y) - g(x, z)),      lower objective g(x, z)
 *
 * At z = argmin g(x, ·) the gradient of min_z-value is grad_(x,y) F (Danskin), so that automatic descent applies to it.
 */
import type { DomainOracle, Linearization, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** The two vectors one after the other; blocks that a domain acts on are copied in and out. */
function product(a: DomainOracle, n: number, b: DomainOracle, m: number): DomainOracle {
  const first = new Float64Array(n);
  const second = new Float64Array(m);
  const firstPoint = new Float64Array(n);
  const secondPoint = new Float64Array(m);
  const split = (v: Vector, u: Vector, w: Vector): void => {
    for (let i = 0; i < n; i++) u[i] = v[i];
    for (let j = 0; j < m; j++) w[j] = v[n + j];
  };
  const join = (v: Vector): void => {
    v.set(first);
    v.set(second, n);
  };
  return {
    free: a.free && b.free,
    boxes: a.boxes && b.boxes,
    lower: Float64Array.from([...a.lower, ...b.lower]),
    upper: Float64Array.from([...a.upper, ...b.upper]),
    project: (v) => {
      split(v, first, second);
      a.project(first);
      b.project(second);
      join(v);
    },
    projectTangent: (point, v) => {
      split(point, firstPoint, secondPoint);
      split(v, first, second);
      a.projectTangent(firstPoint, first);
      b.projectTangent(secondPoint, second);
      join(v);
    },
  };
}

export interface JointOracle {
  readonly oracle: Oracle;
  gamma: number;
  /** gamma (|g(x, y)| + |g(x, z)|) and gamma (|grad_x g| at both) at the last point: what cancels. */
  cancelledValue: number;
  cancelledGradient: number;
}

/** Only what automatic descent asks of the upper level: value and both gradients in one. */
export function jointOracle(base: Oracle, gamma: number): JointOracle {
  const { n, m, upper, lower } = base;
  const x = new Float64Array(n);
  const y = new Float64Array(m);
  const gx = new Float64Array(n);
  const gxY = new Float64Array(n);
  const gxZ = new Float64Array(n);
  const gyF = new Float64Array(m);
  const gyG = new Float64Array(m);
  const split = (w: Vector): void => {
    for (let i = 0; i < n; i++) x[i] = w[i];
    for (let j = 0; j < m; j++) y[j] = w[n + j];
  };
  const valueGrad = (w: Vector, z: Vector, outX: Vector, outZ: Vector): number => {
    const { gamma: c } = joint;
    split(w);
    const f = upper.valueGrad(x, y, gx, gyF);
    const atY = lower.valueGrad(x, y, gxY, gyG);
    const atZ = lower.valueGrad(x, z, gxZ, outZ);
    let size = 0;
    for (let i = 0; i < n; i++) {
      outX[i] = gx[i] + c * (gxY[i] - gxZ[i]);
      size += Math.abs(gxY[i]) + Math.abs(gxZ[i]);
    }
    for (let j = 0; j < m; j++) {
      outX[n + j] = gyF[j] + c * gyG[j];
      outZ[j] *= -c;
    }
    joint.cancelledValue = c * (Math.abs(atY) + Math.abs(atZ));
    joint.cancelledGradient = c * size;
    return f + c * (atY - atZ);
  };
  const startX = new Float64Array(n + m);
  startX.set(base.startX);
  startX.set(base.startY, n);
  const withX = (w: Vector): Vector => {
    split(w);
    return x;
  };
  const spareX = new Float64Array(n + m);
  const oracle: Oracle = {
    ...base,
    n: n + m,
    startX,
    domainX: product(base.domainX, n, base.domainY, m),
    upper: {
      ...upper,
      valueGrad,
      value: (w, z) => valueGrad(w, z, spareX, gyG),
    },
    lower: {
      ...lower,
      value: (w, z) => lower.value(withX(w), z),
      gradY: (w, z, out) => lower.gradY(withX(w), z, out),
      valueGradY: (w, z, out) => lower.valueGradY(withX(w), z, out),
      linearize: (w, z): Linearization => {
        const at = lower.linearize(withX(w), z);
        const jx = new Float64Array(n);
        const widen = (out: Vector): void => {
          out.fill(0);
          out.set(jx);
        };
        return {
          hvp: (v, out) => at.hvp(v, out),
          jvp: (v, out) => {
            at.jvp(v, jx);
            widen(out);
          },
          both: (v, outH, outJ) => {
            at.both(v, outH, jx);
            widen(outJ);
          },
        };
      },
    },
    fork: () => jointOracle(base.fork(), gamma).oracle,
  };
  const joint: JointOracle = { oracle, gamma, cancelledValue: 0, cancelledGradient: 0 };
  return joint;
}
