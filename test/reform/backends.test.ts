/** Programs of every reformulation by both back ends: the same numbers to rounding. */
import { describe, expect, test } from "vitest";
import { compile, type Problem } from "../../src/api.js";
import { generated, interpreted } from "../../src/codegen/backend.js";
import type { Pattern } from "../../src/nlp/program.js";
import { createRandom } from "../../src/num/random.js";
import { compileProgram } from "../../src/reform/compile.js";
import { jointProgram } from "../../src/reform/jointProgram.js";
import { type Complementarity, kktProgram } from "../../src/reform/kkt.js";
import { lowerProgram, optimisticProgram } from "../../src/reform/lowerLevel.js";
import { DecidedPairs } from "../../src/reform/pairs.js";
import type { Program } from "../../src/reform/program.js";
import { cutProgram } from "../../src/reform/valueCuts.js";
import { linearisedProgram, valueSlope } from "../../src/reform/valueLinear.js";
import { valueSystem } from "../../src/reform/valueSystem.js";

const forms: readonly Complementarity[] = ["scholtes", "fischer", "penalty", "duality", "none"];

const programs: Readonly<Record<string, (problem: Problem) => Program>> = {
  ...Object.fromEntries(forms.map((form) => [`kkt ${form}`, (p: Problem) => kktProgram(p, form)])),
  joint: jointProgram,
  lower: lowerProgram,
  optimistic: optimisticProgram,
  linearised: linearisedProgram,
  "value system": valueSystem,
  "cuts on conditions": (p) => cutProgram(p, 2, true),
  "cuts on constraints": (p) => cutProgram(p, 2, false),
};

const sources: Readonly<Record<string, string>> = {
  smooth: `upper { var x[2] in [-1, 2]; minimize sumsq(x) + y[1]*x[2] + exp(0.3y[2])
  subject to  tie: x[1] + y[1]^2 <= 4 }
lower { var y[3] in [-2, 2]; minimize (y[1] - x[1])^2 + exp(y[2]) * (1 + x[2]^2) + y[3]^4 - sin(x[1]) * y[3]
  subject to
    cap: y[1] + y[2] + x[1]*y[3] <= 1
    floor: 1 - 2y[3] <= 3
    link: y[1] - y[2] + x[2] == 0 }`,
  domains: `upper { var x[3] in simplex(1); minimize sumsq(x) - y[1] }
lower { var y[2] in ball(0, 2); var w[2] in simplex(1); minimize sumsq(y) - x[1]*y[1] + dot(w, y) + sumsq(w) }`,
  game: `upper { var x in [0, 3]; maximize x * (12 - x - y - z) }
lower first { var y >= 0; maximize y * (12 - x - y - z) - y^4 / 20; subject to  limit: y + z <= 5 }
lower second { var z in [0, 5]; maximize z * (12 - x - y - z) }`,
};

function compare(a: ArrayLike<number>, b: ArrayLike<number>, what: string): void {
  expect(a.length, what).toBe(b.length);
  for (let i = 0; i < a.length; i++) {
    const near = Math.abs(a[i] - b[i]) <= 1e-12 * (1 + Math.abs(a[i]));
    expect(near || Object.is(a[i], b[i]), `${what}[${i}]: ${a[i]} and ${b[i]}`).toBe(true);
  }
}

/** Row by row; back ends may differ in which zeros they take for entries. */
function dense({ rows, columns }: Pattern, values: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  values.forEach((v, e) => {
    out[rows[e] * n + columns[e]] += v;
  });
  return out;
}

describe.each(Object.keys(sources))("%s", (name) => {
  const made = compile(sources[name]).then(({ problem, diagnostics }) => {
    if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
    return problem;
  });

  test.each(Object.keys(programs))("%s", async (kind) => {
    const program = programs[kind](await made);
    const [text, plain] = [compileProgram(program, generated), compileProgram(program, interpreted)];
    for (const part of ["lower", "upper", "rowLower", "rowUpper"] as const) compare(text[part], plain[part], part);
    const random = createRandom(7).split(kind);
    const vector = (size: number) => Float64Array.from({ length: size }, () => 0.1 + random.uniform());
    for (let k = 0; k < 3; k++) {
      const u = vector(text.n).map((v) => v - 0.4);
      const z = vector(text.rows);
      const parameters = vector(text.parameters.length);
      const [a, b] = [text, plain].map((p) => {
        p.parameters.set(parameters);
        const gradient = new Float64Array(p.n);
        const rows = new Float64Array(p.rows);
        const jacobian = new Float64Array(p.jacobian.rows.length);
        const hessian = new Float64Array(p.hessian.rows.length);
        p.gradientInto(u, gradient);
        p.constraintsInto(u, rows);
        p.jacobianInto(u, jacobian);
        p.hessianInto(u, 0.7, z, hessian);
        return {
          value: [p.value(u)],
          gradient,
          rows,
          jacobian: dense(p.jacobian, jacobian, p.rows, p.n),
          hessian: dense(p.hessian, hessian, p.n, p.n),
        };
      });
      for (const part of ["value", "gradient", "rows", "jacobian", "hessian"] as const) compare(a[part], b[part], part);
    }
  });

  test("slacks and the slope of the value", async () => {
    const problem = await made;
    const random = createRandom(3).split("point");
    const vector = (size: number) => Float64Array.from({ length: size }, () => random.uniform());
    const [text, plain] = [generated, interpreted].map((backend) => new DecidedPairs(problem, backend));
    const u = vector(text.compiled.n);
    const [s, t] = [text, plain].map((pairs) => {
      const out = new Float64Array(pairs.size);
      pairs.slacksInto(u, out);
      return out;
    });
    compare(s, t, "slacks");
    const x = vector(problem.x.size);
    const y = vector(problem.y.size);
    const slopes = [generated, interpreted].map((backend) => {
      const { kernel, rows } = valueSlope(problem, backend);
      const out = new Float64Array(x.length);
      kernel(x, y, new Float64Array(rows).fill(0.5), out);
      return out;
    });
    compare(slopes[0], slopes[1], "slope");
  });
});
