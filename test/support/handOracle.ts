/** An Oracle made by hand from a level's derivatives: what tests of methods and certificates run on, without the compiler. */
import type { Problem } from "../../src/model/problem.js";
import {
  type ConstraintOracle,
  type Counts,
  type DomainOracle,
  emptyCounts,
  type LevelOracle,
  type Oracle,
} from "../../src/oracle/oracle.js";
import { Jet } from "./jet.js";

type V = Float64Array;

/** Derivatives of one level's objective. */
export interface HandLevel {
  value(x: V, y: V): number;
  gx(x: V, y: V, out: V): void;
  gy(x: V, y: V, out: V): void;
  /** out = H v */
  hyy(x: V, y: V, v: V, out: V): void;
  /** out = J v (length n) */
  jxy(x: V, y: V, v: V, out: V): void;
  /** out = Jᵀ u (length m) */
  jyx(x: V, y: V, u: V, out: V): void;
}

/** A level from an expression over jets. */
export function jetLevel(n: number, m: number, build: (x: Jet[], y: Jet[]) => Jet): HandLevel {
  const k = n + m;
  const at = (x: V, y: V): Jet =>
    build(
      Array.from(x, (v, i) => Jet.variable(v, i, k)),
      Array.from(y, (v, i) => Jet.variable(v, n + i, k)),
    );
  return {
    value: (x, y) => at(x, y).v,
    gx: (x, y, out) => out.set(at(x, y).g.subarray(0, n)),
    gy: (x, y, out) => out.set(at(x, y).g.subarray(n)),
    hyy: (x, y, v, out) => {
      const { h } = at(x, y);
      for (let i = 0; i < m; i++) {
        let s = 0;
        for (let j = 0; j < m; j++) s += h[(n + i) * k + n + j] * v[j];
        out[i] = s;
      }
    },
    jxy: (x, y, v, out) => {
      const { h } = at(x, y);
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j < m; j++) s += h[i * k + n + j] * v[j];
        out[i] = s;
      }
    },
    jyx: (x, y, u, out) => {
      const { h } = at(x, y);
      for (let j = 0; j < m; j++) {
        let s = 0;
        for (let i = 0; i < n; i++) s += h[i * k + n + j] * u[i];
        out[j] = s;
      }
    },
  };
}

/** Rows c(x, y) by hand; derivatives from jets. */
export function jetConstraints(
  n: number,
  m: number,
  rows: readonly { name: string; equality?: boolean; body: (x: Jet[], y: Jet[]) => Jet }[],
): ConstraintOracle {
  const k = n + m;
  const at = (x: V, y: V): Jet[] => {
    const X = Array.from(x, (v, i) => Jet.variable(v, i, k));
    const Y = Array.from(y, (v, i) => Jet.variable(v, n + i, k));
    return rows.map((r) => r.body(X, Y));
  };
  const weighted = (x: V, y: V, z: V): Float64Array => {
    const h = new Float64Array(k * k);
    at(x, y).forEach((c, r) => {
      for (let i = 0; i < k * k; i++) h[i] += z[r] * c.h[i];
    });
    return h;
  };
  return {
    rows: rows.length,
    equality: Uint8Array.from(rows, (r) => (r.equality ? 1 : 0)),
    names: rows.map((r) => r.name),
    value: (x, y, out) => out.set(at(x, y).map((c) => c.v)),
    jacobian: (x, y, outX, outY) =>
      at(x, y).forEach((c, r) => {
        outX.set(c.g.subarray(0, n), r * n);
        outY.set(c.g.subarray(n), r * m);
      }),
    vjp: (x, y, z, outX, outY) => {
      outX.fill(0);
      outY.fill(0);
      at(x, y).forEach((c, r) => {
        for (let i = 0; i < n; i++) outX[i] += z[r] * c.g[i];
        for (let j = 0; j < m; j++) outY[j] += z[r] * c.g[n + j];
      });
    },
    hvpYY: (x, y, z, v, out) => {
      const h = weighted(x, y, z);
      for (let i = 0; i < m; i++) {
        out[i] = 0;
        for (let j = 0; j < m; j++) out[i] += h[(n + i) * k + n + j] * v[j];
      }
    },
    jvpXY: (x, y, z, v, out) => {
      const h = weighted(x, y, z);
      for (let i = 0; i < n; i++) {
        out[i] = 0;
        for (let j = 0; j < m; j++) out[i] += h[i * k + n + j] * v[j];
      }
    },
  };
}

const noConstraints: ConstraintOracle = jetConstraints(0, 0, []);

export function freeDomain(k: number): DomainOracle {
  const domain = boxDomain(new Array(k).fill(-Infinity), new Array(k).fill(Infinity));
  return { ...domain, free: true };
}
export function boxDomain(lower: readonly number[], upper: readonly number[]): DomainOracle {
  const lo = Float64Array.from(lower);
  const up = Float64Array.from(upper);
  return {
    free: false,
    boxes: true,
    lower: lo,
    upper: up,
    project: (v) => {
      for (let i = 0; i < v.length; i++) v[i] = Math.min(up[i], Math.max(lo[i], v[i]));
    },
    projectTangent: (p, v) => {
      for (let i = 0; i < v.length; i++) if (p[i] <= lo[i] || p[i] >= up[i]) v[i] = 0;
    },
  };
}
export function ballDomain(center: readonly number[], radius: number): DomainOracle {
  const k = center.length;
  const length = (p: V): number => Math.hypot(...Array.from(p, (v, i) => v - center[i]));
  return {
    free: false,
    boxes: false,
    lower: new Float64Array(k).fill(-Infinity),
    upper: new Float64Array(k).fill(Infinity),
    project: (v) => {
      const r = length(v);
      if (r > radius) for (let i = 0; i < k; i++) v[i] = center[i] + ((v[i] - center[i]) * radius) / r;
    },
    projectTangent: (p, v) => {
      const r = length(p);
      if (r < radius) return;
      let along = 0;
      for (let i = 0; i < k; i++) along += ((p[i] - center[i]) / r) * v[i];
      for (let i = 0; i < k; i++) v[i] = (radius / r) * (v[i] - (along * (p[i] - center[i])) / r);
    },
  };
}
export function simplexDomain(k: number, total = 1): DomainOracle {
  const shift = (p: V): number => {
    const u = Array.from(p).sort((a, b) => b - a);
    let sum = 0;
    let theta = 0;
    for (let j = 0; j < k; j++) {
      sum += u[j];
      if (u[j] > (sum - total) / (j + 1)) theta = (sum - total) / (j + 1);
    }
    return theta;
  };
  return {
    free: false,
    boxes: false,
    lower: new Float64Array(k).fill(0),
    upper: new Float64Array(k).fill(Infinity),
    project: (v) => {
      const t = shift(v);
      for (let i = 0; i < k; i++) v[i] = Math.max(v[i] - t, 0);
    },
    projectTangent: (p, v) => {
      const t = shift(p);
      let sum = 0;
      let size = 0;
      for (let i = 0; i < k; i++)
        if (p[i] > t) {
          sum += v[i];
          size++;
        }
      for (let i = 0; i < k; i++) v[i] = p[i] > t ? v[i] - sum / size : 0;
    },
  };
}

export interface HandProblem {
  readonly f: HandLevel;
  readonly g: HandLevel;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly domainX?: DomainOracle;
  readonly domainY?: DomainOracle;
  readonly upperConstraints?: ConstraintOracle;
  readonly lowerConstraints?: ConstraintOracle;
  readonly minimax?: boolean;
}

function level(
  l: HandLevel,
  m: number,
  c: Counts,
  which: "upper" | "lower",
  constraints: ConstraintOracle,
): LevelOracle {
  const upper = which === "upper";
  const value = (): void => void (upper ? c.upperValue++ : c.lowerValue++);
  const gradient = (): void => void (upper ? c.upperGradient++ : c.lowerGradient++);
  const hvp = (): void => void (upper ? c.upperProduct++ : c.lowerHvp++);
  const jvp = (): void => void (upper ? c.upperProduct++ : c.lowerJvp++);
  const self: LevelOracle = {
    constraints,
    value: (x, y) => {
      value();
      return l.value(x, y);
    },
    gradX: (x, y, out) => {
      gradient();
      l.gx(x, y, out);
    },
    gradY: (x, y, out) => {
      gradient();
      l.gy(x, y, out);
    },
    valueGradY: (x, y, out) => {
      value();
      gradient();
      l.gy(x, y, out);
      return l.value(x, y);
    },
    valueGrad: (x, y, outX, outY) => {
      value();
      gradient();
      l.gx(x, y, outX);
      l.gy(x, y, outY);
      return l.value(x, y);
    },
    hvpYY: (x, y, v, out) => {
      hvp();
      l.hyy(x, y, v, out);
    },
    jvpXY: (x, y, v, out) => {
      jvp();
      l.jxy(x, y, v, out);
    },
    jvpYX: (x, y, u, out) => {
      jvp();
      l.jyx(x, y, u, out);
    },
    linearize: (x0, y0) => {
      const x = x0.slice();
      const y = y0.slice();
      return {
        hvp: (v, out) => self.hvpYY(x, y, v, out),
        jvp: (v, out) => self.jvpXY(x, y, v, out),
        both: (v, outH, outJ) => {
          self.hvpYY(x, y, v, outH);
          self.jvpXY(x, y, v, outJ);
        },
      };
    },
    hessianYY: (x, y, out) => {
      const e = new Float64Array(m);
      const column = new Float64Array(m);
      for (let j = 0; j < m; j++) {
        e.fill(0);
        e[j] = 1;
        self.hvpYY(x, y, e, column);
        for (let i = 0; i < m; i++) out[i * m + j] = column[i];
      }
    },
  };
  return self;
}

export function handOracle(p: HandProblem): Oracle {
  const n = p.x.length;
  const m = p.y.length;
  const domainX = p.domainX ?? freeDomain(n);
  const domainY = p.domainY ?? freeDomain(m);
  const startX = Float64Array.from(p.x);
  const startY = Float64Array.from(p.y);
  domainX.project(startX);
  domainY.project(startY);
  const counts = emptyCounts();
  return {
    problem: { name: "by hand", minimax: p.minimax === true } as unknown as Problem,
    n,
    m,
    startX,
    startY,
    upper: level(p.f, m, counts, "upper", p.upperConstraints ?? noConstraints),
    lower: level(p.g, m, counts, "lower", p.lowerConstraints ?? noConstraints),
    domainX,
    domainY,
    counts,
    fork: () => handOracle(p),
  };
}
