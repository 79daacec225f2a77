/**
 * A problem whose upper variables are (x, y_0): the initial point of the lower steps is chosen by the upper level (Liu, Liu,
 * Zeng and Zhang, NeurIPS 2021). The objectives do not depend on y_0 directly, so their derivatives in it are zero; it lies in
 * the lower domain. This is what outer rules need to move both; maps and estimators keep to the problem itself.
 */
import type { DomainOracle, LevelOracle, Linearization, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

function liftedLevel(level: LevelOracle, n: number): LevelOracle {
  const head = (v: Vector): Vector => v.subarray(0, n);
  const padded = (out: Vector): Vector => {
    out.fill(0, n);
    return head(out);
  };
  const lifted = (map: Linearization): Linearization => ({
    hvp: (v, out) => map.hvp(v, out),
    jvp: (v, out) => map.jvp(v, padded(out)),
    both: (v, outH, outJ) => map.both(v, outH, padded(outJ)),
  });
  return {
    value: (x, y) => level.value(head(x), y),
    gradX: (x, y, out) => level.gradX(head(x), y, padded(out)),
    gradY: (x, y, out) => level.gradY(head(x), y, out),
    valueGradY: (x, y, outY) => level.valueGradY(head(x), y, outY),
    valueGrad: (x, y, outX, outY) => level.valueGrad(head(x), y, padded(outX), outY),
    hvpYY: (x, y, v, out) => level.hvpYY(head(x), y, v, out),
    jvpXY: (x, y, v, out) => level.jvpXY(head(x), y, v, padded(out)),
    jvpYX: (x, y, u, out) => level.jvpYX(head(x), y, head(u), out),
    linearize: (x, y) => lifted(level.linearize(head(x), y)),
    hessianYY: (x, y, out) => level.hessianYY(head(x), y, out),
    constraints: level.constraints,
  };
}

function joined(a: Vector, b: Vector): Vector {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function productDomain(X: DomainOracle, Y: DomainOracle, n: number): DomainOracle {
  return {
    free: X.free && Y.free,
    boxes: X.boxes && Y.boxes,
    lower: joined(X.lower, Y.lower),
    upper: joined(X.upper, Y.upper),
    project: (v) => {
      X.project(v.subarray(0, n));
      Y.project(v.subarray(n));
    },
    projectTangent: (point, v) => {
      X.projectTangent(point.subarray(0, n), v.subarray(0, n));
      Y.projectTangent(point.subarray(n), v.subarray(n));
    },
  };
}

export function withStartAsVariable(oracle: Oracle): Oracle {
  const { n } = oracle;
  return {
    problem: oracle.problem,
    n: n + oracle.m,
    m: oracle.m,
    startX: joined(oracle.startX, oracle.startY),
    startY: oracle.startY,
    upper: liftedLevel(oracle.upper, n),
    lower: liftedLevel(oracle.lower, n),
    domainX: productDomain(oracle.domainX, oracle.domainY, n),
    domainY: oracle.domainY,
    counts: oracle.counts,
    fork: () => withStartAsVariable(oracle.fork()),
  };
}
