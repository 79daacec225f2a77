/**
 * The test problems with known answers, by hand. P1, E1 (GALET, Example 1) and E53 (IGFM, Example 5.3) have their
 * derivatives written out, as they are run for many iterations; the others go through jets.
 */
import { boxDomain, type HandLevel, type HandProblem, jetLevel } from "./handOracle.js";

/** f = 7x² - 12xy + 4y² - 30x + 4y - 2, g = (2y - x)² + 17: x* = 7, y* = 3.5, f* = -100. */
export const P1: HandProblem = {
  x: [0],
  y: [0],
  f: {
    value: ([x], [y]) => 7 * x * x - 12 * x * y + 4 * y * y - 30 * x + 4 * y - 2,
    gx: (x, y, o) => void (o[0] = 14 * x[0] - 12 * y[0] - 30),
    gy: (x, y, o) => void (o[0] = -12 * x[0] + 8 * y[0] + 4),
    hyy: (_x, _y, v, o) => void (o[0] = 8 * v[0]),
    jxy: (_x, _y, v, o) => void (o[0] = -12 * v[0]),
    jyx: (_x, _y, u, o) => void (o[0] = -12 * u[0]),
  },
  g: {
    value: ([x], [y]) => (2 * y - x) ** 2 + 17,
    gx: (x, y, o) => void (o[0] = 2 * x[0] - 4 * y[0]),
    gy: (x, y, o) => void (o[0] = 8 * y[0] - 4 * x[0]),
    hyy: (_x, _y, v, o) => void (o[0] = 8 * v[0]),
    jxy: (_x, _y, v, o) => void (o[0] = -4 * v[0]),
    jyx: (_x, _y, u, o) => void (o[0] = -4 * u[0]),
  },
};

/** r = x + y1 - sin y2, f = x² + y1 - sin y2, g = r²/2: x* = 1/2, y1 = sin y2 - 1/2. */
export const E1: HandProblem = {
  x: [3],
  y: [2, 2],
  f: {
    value: ([x], [a, b]) => x * x + a - Math.sin(b),
    gx: (x, _y, o) => void (o[0] = 2 * x[0]),
    gy: (_x, y, o) => {
      o[0] = 1;
      o[1] = -Math.cos(y[1]);
    },
    hyy: (_x, y, v, o) => {
      o[0] = 0;
      o[1] = Math.sin(y[1]) * v[1];
    },
    jxy: (_x, _y, _v, o) => void (o[0] = 0),
    jyx: (_x, _y, _u, o) => void o.fill(0),
  },
  g: {
    value: ([x], [a, b]) => 0.5 * (x + a - Math.sin(b)) ** 2,
    gx: (x, y, o) => void (o[0] = x[0] + y[0] - Math.sin(y[1])),
    gy: (x, y, o) => {
      const r = x[0] + y[0] - Math.sin(y[1]);
      o[0] = r;
      o[1] = -r * Math.cos(y[1]);
    },
    hyy: (x, y, v, o) => {
      const r = x[0] + y[0] - Math.sin(y[1]);
      const c = Math.cos(y[1]);
      const s = v[0] - c * v[1];
      o[0] = s;
      o[1] = -c * s + r * Math.sin(y[1]) * v[1];
    },
    jxy: (_x, y, v, o) => void (o[0] = v[0] - Math.cos(y[1]) * v[1]),
    jyx: (_x, y, u, o) => {
      o[0] = u[0];
      o[1] = -Math.cos(y[1]) * u[0];
    },
  },
};

/** f = (x - y2)² + (y1 - 1)², g = y1² - 2 x y1: x* = 1, y* = (1, 1), f* = 0. Implicit methods stop at x = (1 + y2)/2. */
export const E53: HandProblem = {
  x: [0],
  y: [0, 0],
  f: {
    value: ([x], [a, b]) => (x - b) ** 2 + (a - 1) ** 2,
    gx: (x, y, o) => void (o[0] = 2 * (x[0] - y[1])),
    gy: (x, y, o) => {
      o[0] = 2 * (y[0] - 1);
      o[1] = -2 * (x[0] - y[1]);
    },
    hyy: (_x, _y, v, o) => {
      o[0] = 2 * v[0];
      o[1] = 2 * v[1];
    },
    jxy: (_x, _y, v, o) => void (o[0] = -2 * v[1]),
    jyx: (_x, _y, u, o) => {
      o[0] = 0;
      o[1] = -2 * u[0];
    },
  },
  g: {
    value: ([x], [a]) => a * a - 2 * x * a,
    gx: (_x, y, o) => void (o[0] = -2 * y[0]),
    gy: (x, y, o) => {
      o[0] = 2 * y[0] - 2 * x[0];
      o[1] = 0;
    },
    hyy: (_x, _y, v, o) => {
      o[0] = 2 * v[0];
      o[1] = 0;
    },
    jxy: (_x, _y, v, o) => void (o[0] = -2 * v[0]),
    jyx: (_x, _y, u, o) => {
      o[0] = -2 * u[0];
      o[1] = 0;
    },
  },
};

/** f = (x - 2)²/2 + y²/4, g = (y - x)²/2, y in [0, 1]: x* = 2, y* = 1 (the kink of y*(x) at x = 1 is crossed). */
export const C2: HandProblem = {
  x: [0.2],
  y: [0.5],
  domainY: boxDomain([0], [1]),
  f: jetLevel(1, 1, ([x], [y]) => x.sub(2).sq().mul(0.5).add(y.sq().mul(0.25))),
  g: jetLevel(1, 1, ([x], [y]) => y.sub(x).sq().mul(0.5)),
};

/** f and g = -f for min over x max over y of psi. */
export function minimaxProblem(psi: HandLevel, x: readonly number[], y: readonly number[]): HandProblem {
  const negated =
    <A extends unknown[]>(query: (...args: [...A, Float64Array]) => void) =>
    (...args: [...A, Float64Array]): void => {
      query(...args);
      const out = args[args.length - 1] as Float64Array;
      for (let i = 0; i < out.length; i++) out[i] = -out[i];
    };
  const g: HandLevel = {
    value: (a, b) => -psi.value(a, b),
    gx: negated(psi.gx),
    gy: negated(psi.gy),
    hyy: negated(psi.hyy),
    jxy: negated(psi.jxy),
    jyx: negated(psi.jyx),
  };
  return { x, y, f: psi, g, minimax: true };
}

/** psi = x² + 2xy - y² - 4x + 2y: (1/2, 3/2), value 1/2. */
export const M1 = minimaxProblem(
  jetLevel(1, 1, ([x], [y]) => x.sq().add(x.mul(y).mul(2)).sub(y.sq()).sub(x.mul(4)).add(y.mul(2))),
  [0],
  [0],
);
/** psi = xy: (0, 0). */
export const M2 = minimaxProblem(
  jetLevel(1, 1, ([x], [y]) => x.mul(y)),
  [1],
  [1],
);
