/**
 * The lifted problem of null-aid: its upper variables are (x, y0), its lower variables the way z = y - y0 from y0,
 *
 *   f'((x, y0), z) = f(x, y0 + z),   g'((x, y0), z) = g(x, y0 + z),   start z = 0
 *
 * so that grad_(x, y0) f' = (grad_x f, grad_y f), H' = H and J' = [J; H]: implicit differentiation of the lifted problem gives
 * (grad_x f - J v, grad_y f - H v). Counts are those of the problem itself. For free lower variables only.
 */
import type { DomainOracle, LevelOracle, Linearization, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Splits (x, y0) and z into x and y = y0 + z, in arrays of its own. */
class Split {
  readonly x: Vector;
  readonly y: Vector;

  constructor(n: number, m: number) {
    this.x = new Float64Array(n);
    this.y = new Float64Array(m);
  }

  at(lifted: Vector, z: Vector): this {
    const n = this.x.length;
    for (let i = 0; i < n; i++) this.x[i] = lifted[i];
    for (let j = 0; j < z.length; j++) this.y[j] = lifted[n + j] + z[j];
    return this;
  }
}

function liftedLevel(level: LevelOracle, n: number, m: number): LevelOracle {
  const p = new Split(n, m);
  const partX = new Float64Array(n);
  const partY = new Float64Array(m);
  /** out = (a, b) */
  const put = (a: Vector, b: Vector, out: Vector): void => {
    for (let i = 0; i < n; i++) out[i] = a[i];
    for (let j = 0; j < m; j++) out[n + j] = b[j];
  };
  const join = (out: Vector): void => put(partX, partY, out);
  // one record, as of the level itself: the products are those of the last point
  let map: Linearization;
  const products: Linearization = {
    hvp: (v, out) => map.hvp(v, out),
    jvp: (v, out) => {
      map.both(v, partY, partX);
      join(out);
    },
    both: (v, outH, outJ) => {
      map.both(v, outH, partX);
      put(partX, outH, outJ);
    },
  };
  const linearize = (lifted: Vector, z: Vector): Linearization => {
    const { x, y } = p.at(lifted, z);
    map = level.linearize(x, y);
    return products;
  };
  return {
    value: (lifted, z) => level.value(p.at(lifted, z).x, p.y),
    gradX: (lifted, z, out) => {
      level.valueGrad(p.at(lifted, z).x, p.y, partX, partY);
      join(out);
    },
    gradY: (lifted, z, out) => level.gradY(p.at(lifted, z).x, p.y, out),
    valueGradY: (lifted, z, outY) => level.valueGradY(p.at(lifted, z).x, p.y, outY),
    valueGrad: (lifted, z, outX, outY) => {
      const value = level.valueGrad(p.at(lifted, z).x, p.y, partX, outY);
      put(partX, outY, outX);
      return value;
    },
    hvpYY: (lifted, z, v, out) => level.hvpYY(p.at(lifted, z).x, p.y, v, out),
    jvpXY: (lifted, z, v, out) => linearize(lifted, z).jvp(v, out),
    jvpYX: (lifted, z, u, out) => {
      p.at(lifted, z);
      level.hvpYY(p.x, p.y, u.subarray(n), partY);
      level.jvpYX(p.x, p.y, u.subarray(0, n), out);
      for (let j = 0; j < m; j++) out[j] += partY[j];
    },
    linearize,
    hessianYY: (lifted, z, out) => level.hessianYY(p.at(lifted, z).x, p.y, out),
    constraints: level.constraints,
  };
}

/** The domain of (x, y0): y0 is free. */
function liftedDomain(domain: DomainOracle, n: number, m: number): DomainOracle {
  const padded = (bounds: Vector, fill: number): Vector => {
    const out = new Float64Array(n + m).fill(fill);
    out.set(bounds);
    return out;
  };
  return {
    free: domain.free,
    boxes: domain.boxes,
    lower: padded(domain.lower, Number.NEGATIVE_INFINITY),
    upper: padded(domain.upper, Number.POSITIVE_INFINITY),
    project: (v) => domain.project(v.subarray(0, n)),
    projectTangent: (point, v) => domain.projectTangent(point.subarray(0, n), v.subarray(0, n)),
  };
}

export function liftedOracle(oracle: Oracle): Oracle {
  const { n, m } = oracle;
  const startX = new Float64Array(n + m);
  startX.set(oracle.startX);
  startX.set(oracle.startY, n);
  return {
    problem: oracle.problem,
    n: n + m,
    m,
    startX,
    startY: new Float64Array(m),
    upper: liftedLevel(oracle.upper, n, m),
    lower: liftedLevel(oracle.lower, n, m),
    domainX: liftedDomain(oracle.domainX, n, m),
    domainY: oracle.domainY,
    counts: oracle.counts,
    fork: () => liftedOracle(oracle.fork()),
  };
}
