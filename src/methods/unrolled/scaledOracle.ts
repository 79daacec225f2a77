/**
 * An oracle in the scaled variables x/dx and y/dy (kit/scaling.ts), with all that lower maps and estimators ask: gradients and
 * products are multiplied by the scales on every side that is differentiated. Boxes are scaled; balls and simplices have unit
 * scales. Counts are those of the problem. Without constraints: maps and estimators do not ask for them.
 */
import { multiplyInto } from "../../num/vector.js";
import type { DomainOracle, LevelOracle, Linearization, Oracle } from "../../oracle/oracle.js";
import type { Scaling } from "../kit/scaling.js";

type Vector = Float64Array;

function scaledLevel(level: LevelOracle, { dx, dy }: Scaling): LevelOracle {
  const x = new Float64Array(dx.length);
  const y = new Float64Array(dy.length);
  const u = new Float64Array(dx.length);
  const v = new Float64Array(dy.length);
  const at = (scaledX: Vector, scaledY: Vector): void => {
    multiplyInto(dx, scaledX, x);
    multiplyInto(dy, scaledY, y);
  };
  const inX = (out: Vector): void => multiplyInto(dx, out, out);
  const inY = (out: Vector): void => multiplyInto(dy, out, out);
  let map: Linearization | undefined;
  const here = (): Linearization => {
    if (map === undefined) throw new Error("products need a point: linearize first");
    return map;
  };
  const products: Linearization = {
    hvp: (w, out) => {
      multiplyInto(dy, w, v);
      here().hvp(v, out);
      inY(out);
    },
    jvp: (w, out) => {
      multiplyInto(dy, w, v);
      here().jvp(v, out);
      inX(out);
    },
    both: (w, outH, outJ) => {
      multiplyInto(dy, w, v);
      here().both(v, outH, outJ);
      inY(outH);
      inX(outJ);
    },
  };
  const linearize = (sx: Vector, sy: Vector): Linearization => {
    at(sx, sy);
    map = level.linearize(x, y);
    return products;
  };
  return {
    value: (sx, sy) => {
      at(sx, sy);
      return level.value(x, y);
    },
    gradX: (sx, sy, out) => {
      at(sx, sy);
      level.gradX(x, y, out);
      inX(out);
    },
    gradY: (sx, sy, out) => {
      at(sx, sy);
      level.gradY(x, y, out);
      inY(out);
    },
    valueGradY: (sx, sy, outY) => {
      at(sx, sy);
      const value = level.valueGradY(x, y, outY);
      inY(outY);
      return value;
    },
    valueGrad: (sx, sy, outX, outY) => {
      at(sx, sy);
      const value = level.valueGrad(x, y, outX, outY);
      inX(outX);
      inY(outY);
      return value;
    },
    hvpYY: (sx, sy, w, out) => linearize(sx, sy).hvp(w, out),
    jvpXY: (sx, sy, w, out) => linearize(sx, sy).jvp(w, out),
    jvpYX: (sx, sy, w, out) => {
      at(sx, sy);
      multiplyInto(dx, w, u);
      level.jvpYX(x, y, u, out);
      inY(out);
    },
    linearize,
    hessianYY: (sx, sy, out) => {
      at(sx, sy);
      level.hessianYY(x, y, out);
      const m = dy.length;
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) out[i * m + j] *= dy[i] * dy[j];
    },
    constraints: level.constraints,
  };
}

function scaledDomain(domain: DomainOracle, d: Vector): DomainOracle {
  if (!domain.boxes || domain.free) return domain;
  const lower = domain.lower.map((b, i) => b / d[i]);
  const upper = domain.upper.map((b, i) => b / d[i]);
  return {
    free: false,
    boxes: true,
    lower,
    upper,
    project: (v) => {
      for (let i = 0; i < v.length; i++) {
        if (v[i] < lower[i]) v[i] = lower[i];
        else if (v[i] > upper[i]) v[i] = upper[i];
      }
    },
    projectTangent: (point, v) => {
      for (let i = 0; i < v.length; i++) if (point[i] <= lower[i] || point[i] >= upper[i]) v[i] = 0;
    },
  };
}

export function scaledOracle(oracle: Oracle, scaling: Scaling): Oracle {
  const { dx, dy } = scaling;
  if (dx.every((d) => d === 1) && dy.every((d) => d === 1)) return oracle;
  return {
    problem: oracle.problem,
    n: oracle.n,
    m: oracle.m,
    startX: oracle.startX.map((v, i) => v / dx[i]),
    startY: oracle.startY.map((v, i) => v / dy[i]),
    upper: scaledLevel(oracle.upper, scaling),
    lower: scaledLevel(oracle.lower, scaling),
    domainX: scaledDomain(oracle.domainX, dx),
    domainY: scaledDomain(oracle.domainY, dy),
    counts: oracle.counts,
    fork: () => scaledOracle(oracle.fork(), scaling),
  };
}
