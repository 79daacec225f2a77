import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ballTangentInto,
  boxTangentInto,
  projectBallInto,
  projectBoxInto,
  projectSimplexInto,
  simplexTangentInto,
} from "../../src/num/project.js";
import { createRandom } from "../../src/num/random.js";
import { distance, dot } from "../../src/num/vector.js";

type Vector = Float64Array;
interface Set {
  readonly project: (v: Vector) => void;
  readonly tangent: (point: Vector, v: Vector) => void;
  /** A point of the set. */
  readonly member: (u: Vector) => Vector;
}

const K = 5;
const lower = Float64Array.of(-1, 0, -1e9, 2, -3);
const upper = Float64Array.of(1, 0.5, 1e9, 2, 4);
const center = Float64Array.of(1, -1, 0, 2, 0);
const scratch = new Float64Array(K);
const sets: Readonly<Record<string, Set>> = {
  box: {
    project: (v) => projectBoxInto(v, lower, upper, 0, K),
    tangent: (p, v) => boxTangentInto(p, lower, upper, 0, K, v),
    member: (u) => u.map((t, i) => Math.min(upper[i], Math.max(lower[i], t))),
  },
  ball: {
    project: (v) => projectBallInto(v, center, 1.5, 0, K),
    tangent: (p, v) => ballTangentInto(p, center, 1.5, 0, K, v),
    member: (u) => {
      const size = Math.sqrt(dot(u, u));
      return u.map((t, i) => center[i] + (1.5 * t) / Math.max(1.5, size));
    },
  },
  simplex: {
    project: (v) => projectSimplexInto(v, 2, 0, K, scratch),
    tangent: (p, v) => simplexTangentInto(p, 2, 0, K, scratch, v),
    member: (u) => {
      const sum = u.reduce((a, b) => a + Math.abs(b), 0);
      return sum === 0 ? new Float64Array(K).fill(2 / K) : u.map((t) => (2 * Math.abs(t)) / sum);
    },
  },
};

const point = fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -3, max: 3 })).map(([seed, scale]) => {
  const random = createRandom(seed);
  return Float64Array.from({ length: K }, () => 10 ** scale * random.normal());
});
const runs = { seed: 3, numRuns: 200 };
const projected = (set: Set, v: Vector): Vector => {
  const p = v.slice();
  set.project(p);
  return p;
};

describe.each(Object.entries(sets))("projection onto a %s", (_name, set) => {
  it("is idempotent", () => {
    fc.assert(
      fc.property(point, (v) => {
        const p = projected(set, v);
        expect(distance(projected(set, p), p)).toBeLessThan(1e-14 * (1 + Math.sqrt(dot(p, p))));
      }),
      runs,
    );
  });

  it("does not expand distances", () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(distance(projected(set, a), projected(set, b))).toBeLessThanOrEqual(
          distance(a, b) * (1 + 1e-12) + 1e-12,
        );
      }),
      runs,
    );
  });

  it("satisfies the variational inequality (v - p)ᵀ(q - p) <= 0 for every q of the set", () => {
    fc.assert(
      fc.property(point, point, (v, u) => {
        const p = projected(set, v);
        const q = set.member(u);
        expect(distance(projected(set, q), q)).toBeLessThan(1e-12 * (1 + Math.sqrt(dot(q, q))));
        const inner = v.reduce((sum, vi, i) => sum + (vi - p[i]) * (q[i] - p[i]), 0);
        expect(inner).toBeLessThanOrEqual(1e-11 * (1 + dot(v, v)));
      }),
      runs,
    );
  });

  it("has the stated derivative: central differences agree, and it is symmetric", () => {
    let compared = 0;
    fc.assert(
      fc.property(point, point, point, (v, a, b) => {
        const h = 1e-6;
        const unit = a.map((t) => t / Math.sqrt(dot(a, a)));
        const plus = projected(
          set,
          v.map((t, i) => t + h * unit[i]),
        );
        const minus = projected(
          set,
          v.map((t, i) => t - h * unit[i]),
        );
        const Da = unit.slice();
        set.tangent(v, Da);
        const ends = [1, -1].map((sign) => {
          const d = unit.slice();
          set.tangent(
            v.map((t, i) => t + sign * h * unit[i]),
            d,
          );
          return d;
        });
        // Only away from kinks, where the derivative is the same at both ends.
        if (distance(ends[0], ends[1]) < 1e-4) {
          compared++;
          const difference = plus.map((t, i) => (t - minus[i]) / (2 * h));
          expect(distance(difference, Da)).toBeLessThan(1e-5);
        }
        const Db = b.slice();
        set.tangent(v, Db);
        expect(Math.abs(dot(Db, unit) - dot(Da, b))).toBeLessThan(1e-10 * (1 + Math.sqrt(dot(b, b))));
      }),
      runs,
    );
    expect(compared).toBeGreaterThan(150);
  });
});

describe("kinks and corners", () => {
  it("coordinates exactly at a bound count as held", () => {
    const v = Float64Array.of(1, 1, 1, 1, 1);
    boxTangentInto(Float64Array.of(1, 0.2, 0, 2, -3), lower, upper, 0, K, v);
    expect([...v]).toEqual([0, 1, 1, 0, 0]);
  });

  it("the simplex is exact far away and on its vertices, and blocks leave the rest alone", () => {
    const far = Float64Array.of(9, 1e15, 1e15 - 1, 0, 9);
    projectSimplexInto(far, 1, 1, 3, scratch);
    expect([...far]).toEqual([9, 1, 0, 0, 9]);
    const vertex = Float64Array.of(0, 2, 0, 0, 0);
    projectSimplexInto(vertex, 2, 0, K, scratch);
    expect([...vertex]).toEqual([0, 2, 0, 0, 0]);
  });
});
