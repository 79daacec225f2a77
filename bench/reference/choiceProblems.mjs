/**
 * Seeded random problems of the classes that a plain run tells apart, as .blo text. Sizes, curvatures and couplings are drawn; each
 * class keeps one property throughout:
 *   strongly-convex  smooth nonquadratic lower level with a positive definite Hessian, smooth nonconvex upper level
 *   pl               |A y - B x - c|², A with fewer rows than columns: many lower solutions, Polyak-Lojasiewicz inequality
 *   linear           linear lower level on a polytope, convex quadratic upper level
 *   box              strongly convex quadratic lower level, both levels in boxes
 *   finite-sum       logistic or squared losses over 40 rows of drawn data, a penalty (or weights) at the upper level, in batches
 *   minimax          nonconvex - strongly concave
 */
import { random } from "./brute.mjs";

class Draw {
  constructor(seed) {
    this.next = random(seed);
  }
  number(a = -1, b = 1) {
    return Number((a + (b - a) * this.next()).toFixed(3));
  }
  integer(a, b) {
    return a + Math.floor(this.next() * (b - a + 1));
  }
  normal() {
    return Number((Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())).toFixed(3));
  }
  vector(n, draw = () => this.number()) {
    return `[${Array.from({ length: n }, draw).join(", ")}]`;
  }
  matrix(rows, columns, draw = () => this.normal()) {
    return `[${Array.from({ length: rows }, () => this.vector(columns, draw)).join(", ")}]`;
  }
}

/** Nonconvex in x, coupled with y, coercive. */
const wavy = (d) =>
  `sumsq(y - t) / 2 + ${d.number(0.05, 0.5)} * sumsq(x) + ${d.number(-0.5, 0.5)} * sin(sum(x) + y[1])`;

const makers = {
  "strongly-convex": (d) => {
    const [n, m] = [d.integer(1, 6), d.integer(1, 10)];
    return `param Q = ${d.matrix(m, m)}
param B = ${d.matrix(m, n)}
param a = ${d.matrix(3, m)}
param t = ${d.vector(m)}
upper { var x[${n}]; minimize ${wavy(d)} }
lower { var y[${m}]; minimize ${d.number(0.1, 1)} * sumsq(Q*y - B*x) / 2 + ${d.number(0.05, 1)} * sumsq(y) + sum(softplus(a*y)) }
`;
  },
  pl: (d) => {
    const [n, m] = [d.integer(1, 4), d.integer(2, 10)];
    const r = d.integer(1, m - 1);
    return `param A = ${d.matrix(r, m)}
param B = ${d.matrix(r, n)}
param t = ${d.vector(m)}
param c = ${d.vector(r)}
upper { var x[${n}]; minimize sumsq(y - t) / 2 + ${d.number(0.05, 0.5)} * sumsq(x - ${d.number()}) }
lower { var y[${m}]; minimize ${d.number(0.2, 3)} * sumsq(A*y - B*x - c) }
`;
  },
  linear: (d) => {
    const [n, m, rows] = [d.integer(1, 4), d.integer(2, 6), d.integer(1, 5)];
    return `param A = ${d.matrix(rows, m, () => d.number(0, 2))}
param B = ${d.matrix(rows, n)}
param b = ${d.vector(rows, () => d.number(1, 4))}
param q = ${d.vector(m, () => d.number(-2, 0.3))}
param t = ${d.vector(m, () => d.number(0, 1))}
upper { var x[${n}] in [-1, 1]; minimize sumsq(y - t) + ${d.number(0.01, 0.5)} * sumsq(x) + ${d.number()} * x[1] }
lower {
  var y[${m}] in [0, 3]
  minimize dot(q, y)
  subject to
    cap: A*y <= b + B*x
}
`;
  },
  box: (d) => {
    const [n, m] = [d.integer(1, 5), d.integer(1, 8)];
    return `param Q = ${d.matrix(m, m)}
param B = ${d.matrix(m, n)}
param t = ${d.vector(m, () => d.number(-2, 2))}
upper { var x[${n}] in [-2, 2]; minimize ${wavy(d)} }
lower { var y[${m}] in [-1, 1.5]; minimize sumsq(Q*y - B*x) / 2 + ${d.number(0.1, 1)} * sumsq(y) }
`;
  },
  "finite-sum": (d) => {
    const [m, rows] = [d.integer(2, 6), 40];
    const truth = Array.from({ length: m }, () => d.normal());
    const A = Array.from({ length: 2 * rows }, () => Array.from({ length: m }, () => d.normal()));
    const signal = A.map((row) => row.reduce((s, v, j) => s + v * truth[j], 0) + d.normal());
    const classify = d.next() < 0.5;
    const target = signal.map((s) => (classify ? (s >= 0 ? 1 : -1) : Number(s.toFixed(3))));
    const loss = (i) => (classify ? `softplus(-b[${i}] * (A[${i}, :] * w))` : `(A[${i}, :] * w - b[${i}])^2`);
    const penalty =
      d.next() < 0.5 ? ["x in [-8, 4]", "exp(x) * sumsq(w)"] : [`x[${m}] in [-8, 4]`, "dot(exp(x), w.^2)"];
    return `param A = [${A.map((row) => `[${row.join(", ")}]`).join(", ")}]
param b = [${target.join(", ")}]
upper { var ${penalty[0]}; minimize mean(j in ${rows + 1}..${2 * rows} batch 8: ${loss("j")}) }
lower { var w[${m}]; minimize mean(i in 1..${rows} batch 8: ${loss("i")}) + 0.5 * ${penalty[1]} }
`;
  },
  minimax: (d) => {
    const [n, m] = [d.integer(1, 5), d.integer(1, 6)];
    return `param B = ${d.matrix(n, m)}
param C = ${d.matrix(m, m)}
param t = ${d.vector(n)}
minimax {
  minimize var x[${n}]
  maximize var y[${m}]
  objective ${d.number(0.05, 1)} * sumsq(x - t) + dot(x, B*y) - sumsq(C*y) / 2 - ${d.number(0.1, 1)} * sumsq(y) + ${d.number(-0.5, 0.5)} * cos(sum(x))
}
`;
  },
};

export const choiceClasses = Object.keys(makers);

/** The text of instance `index` of a class. */
export function choiceProblem(name, index) {
  const seed = 7919 * (choiceClasses.indexOf(name) + 1) + index;
  return makers[name](new Draw(seed));
}
