/** Emitted modules, imported by a fresh Node process, against the interpreted back end. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { emitModule } from "../../src/codegen/module.js";
import { elaborate } from "../../src/elaborate/elaborate.js";
import type { Problem } from "../../src/model/problem.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { parse } from "../../src/syntax/parse.js";
import { generator } from "./randomGraph.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blo-module-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function problemOf(text: string): Promise<Problem> {
  const source = new Source("test.blo", text);
  const { tree, diagnostics } = parse(source);
  if (!tree) throw new Error(JSON.stringify(diagnostics));
  const elaborated = await elaborate(tree, source, {});
  if (!elaborated.problem) throw new Error(JSON.stringify(elaborated.diagnostics));
  return elaborated.problem;
}

const queries = [
  "objective",
  "gradX",
  "gradY",
  "hvpYY",
  "jvpXY",
  "constraints",
  "constraintsJacobianX",
  "constraintsJacobianY",
];

/** Answers of the module at a point, computed by a process that has nothing but the file. */
function ask(name: string, code: string, x: Float64Array, y: Float64Array, v: Float64Array) {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  const script = `
    const m = await import(${JSON.stringify(pathToFileURL(file).href)});
    const [x, y, v] = ${JSON.stringify([x, y, v].map((a) => Array.from(a)))}.map((a) => Float64Array.from(a));
    const second = (q) => q === "hvpYY" || q === "jvpXY";
    const answers = (level) => Object.fromEntries(${JSON.stringify(queries)}.map((q) => {
      const args = second(q) ? [x, y, v] : [x, y];
      const once = level[q](...args);
      if (q === "objective") return [q, [once]];
      return [q, Array.from(level[q](...args, once.fill(NaN)))];
    }));
    console.log(JSON.stringify({
      layout: m.layout, upper: answers(m.upper), lower: answers(m.lower),
      kinds: [m.upper.constraintKinds, m.lower.constraintKinds], names: [m.upper.constraintNames, m.lower.constraintNames],
      exports: Object.keys(m).sort(),
    }));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd: folder });
  return JSON.parse(out);
}

function wanted(problem: Problem, level: "upper" | "lower", x: Float64Array, y: Float64Array, v: Float64Array) {
  const oracle = compileOracle(problem, { backend: "interpreted" });
  const q = oracle[level];
  const { rows } = q.constraints;
  const vector = (size: number, fill: (out: Float64Array) => void) => {
    const out = new Float64Array(size);
    fill(out);
    return Array.from(out);
  };
  const jx = new Float64Array(rows * oracle.n);
  const jy = new Float64Array(rows * oracle.m);
  if (rows > 0) q.constraints.jacobian(x, y, jx, jy);
  // The oracle minimises; the module speaks of what was written.
  const written = level === "upper" ? [problem.upper] : problem.lowers;
  const sign = written.every((l) => l.sense === "maximize") ? -1 : 1;
  const signed = (values: number[]) => values.map((value) => sign * value);
  return {
    objective: signed([q.value(x, y)]),
    gradX: signed(vector(oracle.n, (out) => q.gradX(x, y, out))),
    gradY: signed(vector(oracle.m, (out) => q.gradY(x, y, out))),
    hvpYY: signed(vector(oracle.m, (out) => q.hvpYY(x, y, v, out))),
    jvpXY: signed(vector(oracle.n, (out) => q.jvpXY(x, y, v, out))),
    constraints: rows > 0 ? vector(rows, (out) => q.constraints.value(x, y, out)) : [],
    constraintsJacobianX: Array.from(jx),
    constraintsJacobianY: Array.from(jy),
  };
}

async function check(name: string, text: string) {
  const problem = await problemOf(text);
  const random = generator(5);
  const draw = (size: number) => Float64Array.from({ length: size }, () => 0.2 + random());
  const [x, y, v] = [draw(problem.x.size), draw(problem.y.size), draw(problem.y.size)];
  const { code, types } = emitModule(problem);
  const answer = ask(name, code, x, y, v);
  for (const level of ["upper", "lower"] as const) {
    const right: Record<string, number[]> = wanted(problem, level, x, y, v);
    for (const query of queries) {
      expect(answer[level][query].length, `${level} ${query}`).toBe(right[query].length);
      right[query].forEach((value, k) => {
        expect(Math.abs(answer[level][query][k] - value), `${level} ${query} ${k}`).toBeLessThan(
          1e-12 * (1 + Math.abs(value)),
        );
      });
    }
  }
  expect(answer.exports).toEqual(["layout", "lower", "upper"]);
  for (const query of queries) expect(types).toContain(`${query}(`);
  return { problem, code, answer, x, y };
}

describe("standalone modules", () => {
  it("answers every query of a constrained problem", async () => {
    const { answer, x, y } = await check(
      "toll",
      `param cost[3] = [6, 9, 4]
       upper {
         var t[3] in [0, 5]
         maximize dot(t, flow) + 0.1 * sum(sin(t))
         subject to
           t[1] + t[2] <= 6
           fair: t[3] * flow[1] == 2
       }
       lower {
         var flow[3] >= 0
         minimize dot(cost + t, flow) + 0.1 * sumsq(flow) + exp(flow[1] * t[2])
         subject to
           demand: sum(flow) == 10
           forall i in 1..3: flow[i] * t[i] <= 6
       }`,
    );
    expect(answer.kinds).toEqual([
      ["le", "eq"],
      ["eq", "le", "le", "le"],
    ]);
    expect(answer.names[0][1]).toBe("fair");
    expect(answer.names[1][0]).toBe("demand");
    const price = [0, 1, 2].map((i) => x[i] * y[i]).reduce((a, c) => a + c, 0);
    const waves = x.reduce((sum, t) => sum + 0.1 * Math.sin(t), 0);
    expect(answer.upper.objective[0]).toBeCloseTo(price + waves, 12);
    expect(answer.layout).toMatchObject({ n: 3, m: 3, upper: { sense: "maximize" } });
    expect(answer.layout.lower.variables[0]).toMatchObject({ name: "flow", shape: [3], offset: 0, size: 3 });
  });

  it("carries data, tables and helper functions along", async () => {
    const numbers = Array.from({ length: 300 }, (_, k) => (Math.sin(k * k) * 10).toFixed(3));
    const { code } = await check(
      "data",
      `param A = [${Array.from({ length: 30 }, (_, i) => `[${numbers.slice(i * 10, i * 10 + 10).join(", ")}]`).join(", ")}]
       param b = [${numbers.slice(0, 30).join(", ")}]
       upper {
         var rho
         minimize sum(i in [3, 4, 9, 11]: softplus(A[i, :] * w - b[i]))
       }
       lower {
         var w[10]
         minimize sum(sigmoid(A * w - b)) + exp(rho) * sumsq(w) + erf(w[1])
       }`,
    );
    expect(code).toContain("decode(Float64Array");
    expect(code).toContain("const softplus = ");
    expect(code).not.toContain("import");
  });

  it("keeps hostile names inside strings", async () => {
    const title = '\u2028</script><script>alert(1)</script> `$` \\" */ // __proto__';
    const { code, answer } = await check(
      "hostile",
      `problem ${JSON.stringify(title)}
       upper { var constructor
         minimize constructor^2 + (toString - 1)^2
         subject to hasOwnProperty: constructor <= 4 }
       lower { var toString
         minimize (toString - constructor)^2 }`,
    );
    expect(answer.layout.problem).toContain("</script>");
    expect(code).not.toContain("</script>");
    expect(code).not.toContain("\u2028");
    expect(code.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toMatch(/constructor|toString|hasOwnProperty|alert/);
    expect(answer.names).toEqual([["hasOwnProperty"], []]);
  });
});
