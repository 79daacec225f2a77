/** A problem without symmetries for lower maps: 2 upper, 3 lower variables, nothing quadratic; free and with active domains. */
import type { MethodContext, ParameterValue } from "../../src/methods/method.js";
import type { LowerMap, LowerMapPiece } from "../../src/methods/pieces/piece.js";
import { createRandom } from "../../src/num/random.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { ballDomain, boxDomain, type HandProblem, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";

type Vector = Float64Array;

export const base: HandProblem = {
  x: [0.3, -0.4],
  y: [0.1, 0.2, -0.1],
  f: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u.sub(1).sq().add(v.mul(w)).add(a.mul(u)).add(b.sq().mul(0.5)).add(w.sub(b).sin()),
  ),
  g: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u
      .add(v.mul(0.3))
      .sub(a)
      .softplus()
      .add(v.sub(w).sq())
      .add(a.exp().mul(u.sq().add(v.sq()).mul(0.5)))
      .add(w.sub(b.mul(u)).sq())
      .sub(w.mul(0.8)),
  ),
};

export const problems: readonly (readonly [string, HandProblem])[] = [
  ["free", base],
  ["box with active bounds", { ...base, domainY: boxDomain([-0.05, -5, -5], [0.2, 5, 0.1]) }],
  ["active ball", { ...base, domainY: ballDomain([0, 0, 0], 0.25) }],
  ["active simplex", { ...base, domainY: simplexDomain(3, 0.6) }],
];

export function contextOf(oracle: Oracle, parameters: Readonly<Record<string, ParameterValue>> = {}): MethodContext {
  return { oracle, parameters, tolerance: 1e-8, random: createRandom(1), exhausted: () => false };
}

/** f(x, y_K(x)) by running the map from the start. */
export function unrolledValue(oracle: Oracle, map: LowerMap, x: Vector, start: Vector, K: number): number {
  const y = start.slice();
  map.run(x, y, K, false);
  return oracle.upper.value(x, y);
}

/** Central differences of a function of x. */
export function differencesOf(phi: (x: Vector) => number, x: Vector, h = 1e-5): number[] {
  return Array.from(x, (_, i) => {
    const plus = x.slice();
    const minus = x.slice();
    plus[i] += h;
    minus[i] -= h;
    return (phi(plus) - phi(minus)) / (2 * h);
  });
}

/** Reverse sweep, forward sweep and differences of f(x, y_K(x)), and the gradient in y_0 by the sweep and by differences. */
export function sweepsOf(piece: LowerMapPiece, p: HandProblem, parameters: Record<string, ParameterValue>, K: number) {
  const oracle = handOracle(p);
  const { n, m, startX: x, startY } = oracle;
  const map = piece.make(contextOf(oracle, parameters));
  const y = startY.slice();
  map.run(x, y, K, true);
  const G = new Float64Array(n);
  const a = new Float64Array(m);
  oracle.upper.valueGrad(x, y, G, a);
  const forward = Array.from(G);
  for (let i = 0; i < n; i++) {
    const u = new Float64Array(n);
    const t = new Float64Array(m);
    u[i] = 1;
    map.pushInto(x, u, t);
    for (let j = 0; j < m; j++) forward[i] += a[j] * t[j];
  }
  map.pullInto(x, a, G, K, 0);
  return {
    oracle,
    map,
    y,
    reverse: Array.from(G),
    forward,
    differences: differencesOf((at) => unrolledValue(oracle, map, at, startY, K), x),
    start: Array.from(a),
    startDifferences: differencesOf((at) => unrolledValue(oracle, map, x, at, K), startY),
  };
}
