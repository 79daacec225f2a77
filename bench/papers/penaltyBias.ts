/**
 * The bias of the value-function penalty, y_lambda = argmin f + lambda g in place of y* = argmin g:
 *
 *   grad L_lambda(x) = grad_x f(x, y_lambda) + lambda (grad_x g(x, y_lambda) - grad_x g(x, y*)) = grad phi(x) + O(1/lambda)
 *   Richardson: 2 grad L_2lambda - grad L_lambda = grad phi + O(1/lambda²);  once more: (4 R_2lambda - R_lambda) / 3, O(1/lambda³)
 *
 * On P1 (f = 7x² - 12xy + 4y² - 30x + 4y - 2, g = (2y - x)² + 17; phi = 2x² - 28x - 2) the stationary point is 7 + 13/(lambda - 1).
 */
import type { Problem } from "../../src/api.js";
import { choleskyInto, choleskySolveInto } from "../../src/num/cholesky.js";
import { norm } from "../../src/num/vector.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import type { Experiment, Findings } from "./experiment.js";
import { short, slope } from "./numbers.js";
import { figure } from "./plot.js";
import { acceptanceProblem, problemOf, run } from "./problem.js";

const nonquadratic = `
upper { var x[2] init 0.5; minimize (y[1] - 1)^2 + x[1] * y[2] + 0.3sumsq(x) + sin(y[1] + x[2]) }
lower { var y[3]; minimize 0.5sumsq(y) + log(1 + exp(y[1] + 2x[1] - y[2])) + log(1 + exp(y[3] - x[2] * y[1])) - x[1] * y[3] }
`;

/** Newton's method on weight f(x, ·) + lambda g(x, ·) from y, to rounding. */
function minimise(oracle: Oracle, x: Float64Array, y: Float64Array, weight: number, lambda: number): Float64Array {
  const { m, upper, lower } = oracle;
  const [d, part] = [new Float64Array(m), new Float64Array(m)];
  const [H, partH] = [new Float64Array(m * m), new Float64Array(m * m)];
  const at = y.slice();
  for (let k = 0; k < 60; k++) {
    lower.gradY(x, at, d);
    lower.hessianYY(x, at, H);
    for (let j = 0; j < m; j++) d[j] *= lambda;
    for (let j = 0; j < m * m; j++) H[j] *= lambda;
    if (weight !== 0) {
      upper.gradY(x, at, part);
      upper.hessianYY(x, at, partH);
      for (let j = 0; j < m; j++) d[j] += weight * part[j];
      for (let j = 0; j < m * m; j++) H[j] += weight * partH[j];
    }
    choleskyInto(H, m);
    choleskySolveInto(H, m, d);
    for (let j = 0; j < m; j++) at[j] -= d[j];
    if (norm(d) <= 1e-15 * (1 + norm(at))) break;
  }
  return at;
}

/** The error of the surrogate's gradient at x, plain and after one and two steps of Richardson's table. */
function errorsAt(oracle: Oracle, x: Float64Array, lambdas: readonly number[]) {
  const { n, m, upper, lower, startY } = oracle;
  const star = minimise(oracle, x, startY, 0, 1);
  const [fx, gx, gz] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const surrogate = (lambda: number): Float64Array => {
    const y = minimise(oracle, x, star, 1, lambda);
    upper.gradX(x, y, fx);
    lower.gradX(x, y, gx);
    lower.gradX(x, star, gz);
    return fx.map((v, i) => v + lambda * (gx[i] - gz[i]));
  };
  const v = new Float64Array(m);
  const H = new Float64Array(m * m);
  upper.gradY(x, star, v);
  lower.hessianYY(x, star, H);
  choleskyInto(H, m);
  choleskySolveInto(H, m, v);
  const Jv = new Float64Array(n);
  lower.jvpXY(x, star, v, Jv);
  upper.gradX(x, star, fx);
  const exact = fx.map((a, i) => a - Jv[i]);
  const size = norm(exact);
  const combine = (a: number, p: Float64Array, b: number, q: Float64Array) => p.map((w, i) => a * w + b * q[i]);
  const error = (G: Float64Array): number => norm(G.map((w, i) => w - exact[i])) / size;
  return lambdas.map((lambda) => {
    const [one, two, four] = [surrogate(lambda), surrogate(2 * lambda), surrogate(4 * lambda)];
    const [near, nearer] = [combine(2, two, -1, one), combine(2, four, -1, two)];
    return [error(one), error(near), error(combine(4 / 3, nearer, -1 / 3, near))] as const;
  });
}

const lambdas = Array.from({ length: 9 }, (_, k) => 10 * 2 ** k);
const onP1 = [10, 100, 1000, 10000] as const;
/** |x - 7| with the debiased gradient, by an independent computation. */
const debiased = { 10: 0.0568, 100: 6.4e-4, 1000: 6.5e-6 } as const;
const rules = ["plain", "debiased (2λ, λ)", "three levels (4λ, 2λ, λ)"];

export const penaltyBias: Experiment = {
  id: "penalty-bias",
  title: "F2BA: the bias of the penalty and its removal",
  paper:
    "Chen, Ma and Zhang, Near-optimal nonconvex-strongly-convex bilevel optimization with fully first-order oracles, 2023; Kwon, Kwon, Wright and Nowak, A fully first-order method for stochastic bilevel optimization, ICML 2023",
  setting:
    "P1 (quadratic) and a lower level with softplus terms (n = 2, m = 3): the gradient of the surrogate at a fixed x, inner problems solved by Newton's method to rounding; on P1 also the method f2ba with λ given.",
  same: true,
  async run(): Promise<Findings> {
    const P1 = await acceptanceProblem("P1");
    const problems: readonly (readonly [string, Problem, readonly number[]])[] = [
      ["P1", P1, [3]],
      ["softplus", await problemOf(nonquadratic), [0.5, 0.5]],
    ];
    const curves = problems.map(([name, problem, x]) => {
      const errors = errorsAt(compileOracle(problem), Float64Array.from(x), lambdas);
      const slopes = [0, 1, 2].map((r) =>
        slope(lambdas.map((l, i) => [l, errors[i][r]] as const).filter(([l, e]) => l >= 40 && e > 1e-11 * l)),
      );
      return { name, errors, slopes };
    });
    const [quadratic, softplus] = curves;
    const ends = onP1.map((lambda) => {
      const end = (debias: boolean): number =>
        run(P1, { method: "f2ba", options: { lambda, debias }, iterations: 2000, tolerance: 1e-9 }).outcome.x[0] - 7;
      return { lambda, exact: 13 / (lambda - 1), plain: end(false), removed: end(true) };
    });
    const off = Math.max(...ends.map(({ exact, plain }) => Math.abs(plain / exact - 1)));
    const offDebiased = Math.max(
      ...ends.flatMap(({ lambda, removed }) =>
        lambda === 10000 ? [] : [Math.abs(Math.abs(removed) / debiased[lambda] - 1)],
      ),
    );
    const near = (found: readonly number[], r: number): boolean => Math.abs(found[r] + r + 1) < 0.1;
    return {
      findings: [
        {
          published: "P1: the surrogate's stationary point is 7 + 13/(λ - 1) (closed form).",
          agrees: off < 1e-4,
          ours: `f2ba with λ = ${onP1.join(", ")} ends there; largest relative difference ${off < 1e-6 ? "below 1e-6" : short(off)}.`,
        },
        {
          published: "|∇L_λ - ∇φ| = O(1/λ).",
          agrees: near(quadratic.slopes, 0) && near(softplus.slopes, 0),
          ours: `fitted exponents of λ: ${short(quadratic.slopes[0], 3)} (P1) and ${short(softplus.slopes[0], 3)} (softplus).`,
        },
        {
          published:
            "The bias is smooth in 1/λ: 2∇L_2λ - ∇L_λ leaves O(1/λ²), another level O(1/λ³) (Richardson; not in the papers).",
          agrees: curves.every((c) => near(c.slopes, 1) && near(c.slopes, 2)) && offDebiased < 0.02,
          ours: `fitted exponents ${short(quadratic.slopes[1], 3)} and ${short(softplus.slopes[1], 3)}, then ${short(quadratic.slopes[2], 3)} and ${short(softplus.slopes[2], 3)}.`,
        },
      ],
      tables: [
        {
          caption: "f2ba on P1: |x - 7|",
          head: ["λ", "13/(λ - 1)", "f2ba", "debiased, reference", "f2ba --opt debias=true"],
          rows: ends.map(({ lambda, exact, plain, removed }) => [
            String(lambda),
            short(exact, 5),
            short(plain, 5),
            lambda === 10000 ? "" : short(debiased[lambda], 3),
            short(Math.abs(removed), 3),
          ]),
        },
        {
          caption: "Relative error of the gradient at a fixed x",
          head: ["λ", ...curves.flatMap(({ name }) => rules.map((r) => `${name}, ${r}`))],
          rows: lambdas
            .filter((_, i) => i % 2 === 0)
            .map((l) => [
              String(l),
              ...curves.flatMap(({ errors }) => errors[lambdas.indexOf(l)].map((e) => short(e))),
            ]),
        },
      ],
      figures: [
        {
          name: "penalty-bias",
          spec: figure(
            "Error of the penalty surrogate's gradient",
            "relative to |∇φ|",
            curves.map(({ name, errors }) => ({
              title: name === "P1" ? "P1, x = 3" : "softplus lower level, x = (½, ½)",
              x: { title: "λ", log: true },
              y: { title: "relative error", log: true },
              columns: 1,
              series: rules.map((label, r) => ({
                label,
                as: "both" as const,
                dash: 0,
                points: errors.map((e, i) => [lambdas[i], e[r]] as const),
              })),
            })),
          ),
        },
      ],
    };
  },
};
