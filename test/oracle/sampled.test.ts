/** Minibatch queries: unbiased, exact where everything is read, counted by their share. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { LevelOracle, Oracle } from "../../src/oracle/oracle.js";
import type { SampledOracle, SampleToken } from "../../src/oracle/sampled.js";
import { problemOf } from "../elaborate/compile.js";

const S1 = `param N = 6
param shift = [-1, -0.6, -0.2, 0.2, 0.6, 1]
upper { var x ; minimize mean(i in 1..N batch 1: 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 + 0.3 * shift[i] * (x^2 + 10x + 3y^2 + 8y)) }
lower { var y ; minimize mean(i in 1..N batch 1: (2y - x)^2 + 17 + 0.3 * shift[7 - i] * (y^2 + 2x*y + 6y)) }`;

const data = `param A = [[1, 2, 0.5], [3, -4, 1], [0.5, 1, 2], [-1, 0.3, 0.7], [0.9, 1, -1], [2, 0.1, 0.4], [1, 1, 1]]
param t = [1, -1, 1, 1, -1, 1, -1]
param label = [1, 2, 2, 1, 2, 1, 1]
set Train = [5, 1, 3, 4, 7]
set Held = [2, 6]
`;

const problems: Readonly<Record<string, string>> = {
  S1,
  "logistic regression with matrix data": `${data}
upper { var x[3] ; minimize mean(i in Held batch 1: log(1 + exp(-t[i] * (A[i, :] * w)))) + 0.1 * sumsq(x) }
lower { var w[3] ; minimize mean(i in Train batch 2: log(1 + exp(-t[i] * (A[i, :] * w)))) + sum(k in 1..3: exp(x[k]) * w[k]^2) }`,
  "weighted samples (hyper-cleaning)": `${data}
upper { var x[7] ; minimize sum(i in Held batch 1: (A[i, :] * w - t[i])^2) }
lower { var w[3] ; minimize mean(i in 1..7 batch 3: sigmoid(x[i]) * (A[i, :] * w - t[i])^2) + 0.01 * sumsq(w) }`,
  "two-layer network": `${data}
upper { var x[2] ; minimize mean(i in 1..7 batch 2: (dot(V, tanh(W * A[i, :])) - t[i])^2) }
lower {
  var W[2, 3] init 0.1
  var V[2] init 0.2
  minimize mean(i in 1..7 batch 2: softplus(-t[i] * (dot(V, tanh(W * A[i, :]))))) + exp(x[1]) * sumsq(W) + exp(x[2]) * sumsq(V)
}`,
  "softmax with labels": `${data}
upper { var x ; minimize mean(i in 1..7 batch 3: crossentropy(W * A[i, :], label[i])) + x^2 }
lower { var W[2, 3] ; minimize mean(i in 1..7 batch 2: logsumexp(W * A[i, :]) - (W * A[i, :])[label[i]]) + exp(x) * sumsq(W) }`,
  "sums of different lengths, constants in the terms": `${data}
upper { var x[2] ; minimize sum(i in 1..7 batch 2: (x[1] - t[i])^2 + 3) + mean(i in Train batch 2: A[i, 1] * x[2] + y[1]) + sum(i in Held batch 1: t[i] * y[2]^2) }
lower { var y[7] ; minimize mean(i in 1..7 batch 2: (y[i] - x[1])^2 * (1 + i)) + 0.5 * mean(i in Train batch 1: A[i, 2] * y[2] * x[2]) + sumsq(y) }`,
  "pairs with a condition": `${data}
upper { var x[3] ; minimize sumsq(x) + sum(w) }
lower { var w[3] ; minimize sum(i in 1..7, j in 1..3 where i != j batch 4: (A[i, j] * w[j] - x[j])^2 + i) }`,
  "an inner sum over another set": `${data}
upper { var x[3] ; minimize sumsq(x - w) }
lower { var w[3] ; minimize mean(i in 1..7 batch 3: sum(j in 1..7: exp(-sumsq(A[i, :] - A[j, :])) * (w[1] - x[2] * A[j, 1])^2)) + sumsq(w) }`,
};

type Answer = { readonly name: string; readonly of: (level: LevelOracle) => Float64Array };

/** Every query of a level at one random point. */
function queries(oracle: Oracle): readonly Answer[] {
  const { n, m } = oracle;
  const random = createRandom(7);
  const draw = (size: number) => Float64Array.from({ length: size }, () => 0.5 * random.normal());
  const [x, y, v, u] = [draw(n), draw(m), draw(m), draw(n)];
  const into = (size: number, ask: (out: Float64Array) => unknown): Float64Array => {
    const out = new Float64Array(size);
    ask(out);
    return out;
  };
  return [
    { name: "value", of: (l) => Float64Array.of(l.value(x, y)) },
    { name: "gradX", of: (l) => into(n, (out) => l.gradX(x, y, out)) },
    { name: "gradY", of: (l) => into(m, (out) => l.gradY(x, y, out)) },
    {
      name: "valueGradY",
      of: (l) =>
        into(m + 1, (out) => {
          out[m] = l.valueGradY(x, y, out.subarray(0, m));
        }),
    },
    {
      name: "valueGrad",
      of: (l) =>
        into(n + m + 1, (out) => {
          out[n + m] = l.valueGrad(x, y, out.subarray(0, n), out.subarray(n, n + m));
        }),
    },
    { name: "hvpYY", of: (l) => into(m, (out) => l.hvpYY(x, y, v, out)) },
    { name: "jvpXY", of: (l) => into(n, (out) => l.jvpXY(x, y, v, out)) },
    { name: "jvpYX", of: (l) => into(m, (out) => l.jvpYX(x, y, u, out)) },
    { name: "linearize, H v", of: (l) => into(m, (out) => l.linearize(x, y).hvp(v, out)) },
    { name: "linearize, J v", of: (l) => into(n, (out) => l.linearize(x, y).jvp(v, out)) },
    {
      name: "linearize, both",
      of: (l) => into(m + n, (out) => l.linearize(x, y).both(v, out.subarray(0, m), out.subarray(m))),
    },
    { name: "hessianYY", of: (l) => into(m * m, (out) => l.hessianYY(x, y, out)) },
  ];
}

function close(found: Float64Array, wanted: Float64Array, digits = 1e-12): void {
  const size = 1 + Math.max(...wanted.map(Math.abs));
  for (const [k, value] of found.entries()) expect(Math.abs(value - wanted[k])).toBeLessThanOrEqual(digits * size);
}

/** The mean of an answer over tokens with weights. */
function average(
  sampled: SampledOracle,
  level: "upper" | "lower",
  tokens: readonly { readonly token: SampleToken; readonly weight: number }[],
  of: Answer["of"],
): Float64Array {
  let total: Float64Array | undefined;
  for (const { token, weight } of tokens) {
    sampled.use(level, token);
    const answer = of(sampled.batch[level]);
    total ??= new Float64Array(answer.length);
    answer.forEach((a, k) => {
      total![k] += weight * a;
    });
  }
  return total!;
}

const backends = ["generated", "interpreted"] as const;

describe.each(Object.entries(problems))("%s", (_, text) => {
  test.each(backends)("the weighted mean over all blocks is the full query (%s)", async (backend) => {
    const oracle = compileOracle(await problemOf(text), { backend });
    const sampled = oracle.sampled!();
    for (const level of ["upper", "lower"] as const) {
      const { blocks } = sampled[level];
      const tokens = Array.from({ length: blocks }, (_, j) => ({
        token: sampled[level].block(j),
        weight: sampled[level].weight(j),
      }));
      expect(tokens.reduce((s, t) => s + t.weight, 0)).toBeCloseTo(1, 14);
      for (const { of } of queries(oracle)) close(average(sampled, level, tokens, of), of(oracle[level]));
    }
  });

  test("one epoch of shuffled draws is the full query where the batch divides the terms", async () => {
    const oracle = compileOracle(await problemOf(text));
    const sampled = oracle.sampled!({ batch: 1 });
    const random = createRandom(3);
    for (const level of ["upper", "lower"] as const) {
      if (oracle.problem.samples.filter((s) => s.level === level).length !== 1) continue;
      const { terms } = sampled[level];
      const tokens = Array.from({ length: terms }, () => ({ token: sampled[level].draw(random), weight: 1 / terms }));
      for (const { of } of queries(oracle)) close(average(sampled, level, tokens, of), of(oracle[level]));
    }
  });

  test("repeated terms add up, also in derivatives", async () => {
    const oracle = compileOracle(await problemOf(text));
    const sampled = oracle.sampled!();
    for (const level of ["upper", "lower"] as const) {
      const sums = oracle.problem.samples.filter((s) => s.level === level);
      if (sums.length === 0) continue;
      const once = { terms: sums.map(() => Int32Array.of(1)), noise: 0 };
      const thrice = { terms: sums.map(() => Int32Array.of(1, 1, 1)), noise: 0 };
      for (const { of } of queries(oracle))
        close(
          average(sampled, level, [{ token: thrice, weight: 1 }], of),
          average(sampled, level, [{ token: once, weight: 1 }], of),
        );
    }
  });

  test("all terms in one batch", async () => {
    const oracle = compileOracle(await problemOf(text));
    const whole = oracle.sampled!({ batch: 1000 });
    expect([whole.upper.random, whole.lower.random]).toEqual([false, false]);
    const sampled = oracle.sampled!();
    for (const level of ["upper", "lower"] as const) {
      const sums = oracle.problem.samples.filter((s) => s.level === level);
      // written out, so that it goes through the tables
      const token = { terms: sums.map((s) => Int32Array.from({ length: s.terms }, (_, k) => k)), noise: 0 };
      for (const { of } of queries(oracle))
        close(average(sampled, level, [{ token, weight: 1 }], of), of(oracle[level]));
      sampled.use(level, sampled[level].everything);
      for (const { of } of queries(oracle)) expect(of(sampled.batch[level])).toEqual(of(oracle[level]));
    }
  });
});
