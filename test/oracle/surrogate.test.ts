/** The fused outer step of penalty methods against the separate queries it stands for, in both back ends. */
import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls } from "../../src/oracle/oracle.js";

const source = `
  upper { var x[3] ; minimize sum(exp(0.1 * x)) + dot(x, x) * sum(y) + sin(y[1]) }
  lower { var y[2] ; minimize (y[1] - x[1] * x[2])^2 + exp(x[3] * y[2]) + y[2]^4 + x[1]^3 }
`;

test.each(["generated", "interpreted"] as const)(
  "value and x-gradient of f + lambda (g(y) - g(z)), %s",
  async (backend) => {
    const { problem } = await compile(source);
    const oracle = compileOracle(problem!, { backend });
    const { upper, lower } = oracle;
    const x = Float64Array.of(0.3, -0.7, 1.1);
    const y = Float64Array.of(0.4, -0.2);
    const z = Float64Array.of(-0.6, 0.9);
    const [fx, gy, gz, out] = [0, 1, 2, 3].map(() => new Float64Array(3));
    const lambda = 17;
    const before = calls(oracle.counts);
    const value = upper.descent!.surrogateInto(x, y, z, lambda, out);
    expect(calls(oracle.counts) - before).toBe(3);
    expect(value).toBeCloseTo(upper.value(x, y), 13);
    upper.gradX(x, y, fx);
    lower.gradX(x, y, gy);
    lower.gradX(x, z, gz);
    for (let i = 0; i < 3; i++) expect(out[i]).toBeCloseTo(fx[i] + lambda * (gy[i] - gz[i]), 11);
  },
);
