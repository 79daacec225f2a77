/** The derivative graphs of common objectives, as text: short, without repetition, and no larger for more data. */
import { describe, expect, it } from "vitest";
import { cross, gradient, hessian, hvp } from "../../src/diff/index.js";
import { toText } from "../../src/expr/text.js";
import { nodeCount } from "../../src/expr/walk.js";
import { type Loss, type Model, quadratic, regression } from "./models.js";

function graphs({ b, f, w, x }: Model) {
  const v = b.input({ name: "v", size: w.size });
  const u = b.input({ name: "u", size: x.size });
  return {
    gradient: gradient(b, f, [w])[0],
    product: hvp(b, f, w, v),
    toLower: cross(b, f, w, x, u),
    toUpper: cross(b, f, x, w, v),
  };
}

describe("golden graphs", () => {
  it("quadratic", () => {
    const model = quadratic();
    const g = graphs(model);
    expect(toText([g.gradient])).toMatchInlineSnapshot(`
      "%0 = input x : [2]
      %1 = sum(%0) axes 0 : []
      %2 = tensor c : [3]
      %3 = tensor H : [3, 3]
      %4 = input y : [3]
      %5 = contract(%3, %4) ij,j->i : [3]
      %6 = add(%2, %5) : [3]
      %7 = add(%1, %6) : [3]
      return %7"
    `);
    expect(toText([g.product])).toMatchInlineSnapshot(`
      "%0 = tensor H : [3, 3]
      %1 = input v : [3]
      %2 = contract(%0, %1) ij,j->i : [3]
      return %2"
    `);
    expect(toText([g.toUpper])).toMatchInlineSnapshot(`
      "%0 = input v : [3]
      %1 = sum(%0) axes 0 : []
      %2 = broadcast(%1) axes none : [2]
      return %2"
    `);
    expect(toText([hessian(model.b, model.f, model.w)])).toMatchInlineSnapshot(`
      "%0 = tensor H : [3, 3]
      return %0"
    `);
  });

  it("ridge regression", () => {
    const g = graphs(regression("ridge", 10));
    expect(toText([g.gradient])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input w : [4]
      %2 = input rho : [1]
      %3 = reshape(%2) : []
      %4 = exp(%3) : []
      %5 = mul(%1, %4) : [4]
      %6 = mul(%0, %5) : [4]
      %7 = constant 0.2 : []
      %8 = tensor A : [10, 4]
      %9 = contract(%8, %1) ij,j->i : [10]
      %10 = tensor t : [10]
      %11 = sub(%9, %10) : [10]
      %12 = contract(%8, %11) ij,i->j : [4]
      %13 = mul(%7, %12) : [4]
      %14 = add(%6, %13) : [4]
      return %14"
    `);
    expect(toText([g.product])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input rho : [1]
      %2 = reshape(%1) : []
      %3 = exp(%2) : []
      %4 = input v : [4]
      %5 = mul(%3, %4) : [4]
      %6 = mul(%0, %5) : [4]
      %7 = constant 0.2 : []
      %8 = tensor A : [10, 4]
      %9 = contract(%8, %4) ij,j->i : [10]
      %10 = contract(%8, %9) ij,i->j : [4]
      %11 = mul(%7, %10) : [4]
      %12 = add(%6, %11) : [4]
      return %12"
    `);
    expect(toText([g.toLower])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input w : [4]
      %2 = input rho : [1]
      %3 = reshape(%2) : []
      %4 = exp(%3) : []
      %5 = input u : [1]
      %6 = reshape(%5) : []
      %7 = mul(%4, %6) : []
      %8 = mul(%1, %7) : [4]
      %9 = mul(%0, %8) : [4]
      return %9"
    `);
  });

  it("logistic regression", () => {
    const g = graphs(regression("logistic", 10, 1));
    expect(toText([g.gradient])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input w : [4]
      %2 = input rho : [1]
      %3 = reshape(%2) : []
      %4 = exp(%3) : []
      %5 = mul(%1, %4) : [4]
      %6 = mul(%0, %5) : [4]
      %7 = constant 0.1 : []
      %8 = tensor A : [10, 4]
      %9 = take(%8) axis 0 at 0..9 sample 1 : [10, 4]
      %10 = tensor t : [10]
      %11 = take(%10) axis 0 at 0..9 sample 1 : [10]
      %12 = contract(%9, %1) ij,j->i : [10]
      %13 = mul(%11, %12) : [10]
      %14 = neg(%13) : [10]
      %15 = sigmoid(%14) : [10]
      %16 = mul(%11, %15) : [10]
      %17 = contract(%9, %16) ij,i->j : [4]
      %18 = mul(%7, %17) : [4]
      %19 = sub(%6, %18) : [4]
      return %19"
    `);
    expect(toText([g.product])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input rho : [1]
      %2 = reshape(%1) : []
      %3 = exp(%2) : []
      %4 = input v : [4]
      %5 = mul(%3, %4) : [4]
      %6 = mul(%0, %5) : [4]
      %7 = constant 0.1 : []
      %8 = tensor A : [10, 4]
      %9 = take(%8) axis 0 at 0..9 sample 1 : [10, 4]
      %10 = tensor t : [10]
      %11 = take(%10) axis 0 at 0..9 sample 1 : [10]
      %12 = contract(%9, %4) ij,j->i : [10]
      %13 = mul(%11, %12) : [10]
      %14 = input w : [4]
      %15 = contract(%9, %14) ij,j->i : [10]
      %16 = mul(%11, %15) : [10]
      %17 = neg(%16) : [10]
      %18 = sigmoid(%17) : [10]
      %19 = constant 1 : []
      %20 = sub(%19, %18) : [10]
      %21 = mul(%18, %20) : [10]
      %22 = mul(%13, %21) : [10]
      %23 = mul(%11, %22) : [10]
      %24 = contract(%9, %23) ij,i->j : [4]
      %25 = mul(%7, %24) : [4]
      %26 = add(%6, %25) : [4]
      return %26"
    `);
  });

  it("softmax regression", () => {
    const g = graphs(regression("softmax", 10, 1));
    expect(toText([g.gradient])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input w : [12]
      %2 = input rho : [1]
      %3 = reshape(%2) : []
      %4 = exp(%3) : []
      %5 = mul(%1, %4) : [12]
      %6 = mul(%0, %5) : [12]
      %7 = constant 0.1 : []
      %8 = tensor A : [10, 4]
      %9 = take(%8) axis 0 at 0..9 sample 1 : [10, 4]
      %10 = reshape(%1) : [4, 3]
      %11 = contract(%10, %9) ij,ki->kj : [10, 3]
      %12 = logsumexp(%11) axes 1 : [10]
      %13 = broadcast(%12) axes 0 : [10, 3]
      %14 = sub(%11, %13) : [10, 3]
      %15 = exp(%14) : [10, 3]
      %16 = tensor t : [10]
      %17 = take(%16) axis 0 at 0..9 sample 1 : [10]
      %18 = broadcast(%17) axes 0 : [10, 3]
      %19 = tensor {1, 2, 3} : [3]
      %20 = broadcast(%19) axes 1 : [10, 3]
      %21 = eq(%18, %20) : [10, 3]
      %22 = sub(%15, %21) : [10, 3]
      %23 = contract(%9, %22) ij,ik->jk : [4, 3]
      %24 = mul(%7, %23) : [4, 3]
      %25 = reshape(%24) : [12]
      %26 = add(%6, %25) : [12]
      return %26"
    `);
    expect(toText([g.product])).toMatchInlineSnapshot(`
      "%0 = constant 2 : []
      %1 = input rho : [1]
      %2 = reshape(%1) : []
      %3 = exp(%2) : []
      %4 = input v : [12]
      %5 = mul(%3, %4) : [12]
      %6 = mul(%0, %5) : [12]
      %7 = constant 0.1 : []
      %8 = tensor A : [10, 4]
      %9 = take(%8) axis 0 at 0..9 sample 1 : [10, 4]
      %10 = input w : [12]
      %11 = reshape(%10) : [4, 3]
      %12 = contract(%11, %9) ij,ki->kj : [10, 3]
      %13 = logsumexp(%12) axes 1 : [10]
      %14 = broadcast(%13) axes 0 : [10, 3]
      %15 = sub(%12, %14) : [10, 3]
      %16 = exp(%15) : [10, 3]
      %17 = reshape(%4) : [4, 3]
      %18 = contract(%9, %17) ij,jk->ik : [10, 3]
      %19 = contract(%16, %18) ij,ij->i : [10]
      %20 = broadcast(%19) axes 0 : [10, 3]
      %21 = sub(%18, %20) : [10, 3]
      %22 = mul(%16, %21) : [10, 3]
      %23 = contract(%9, %22) ij,ik->jk : [4, 3]
      %24 = mul(%7, %23) : [4, 3]
      %25 = reshape(%24) : [12]
      %26 = add(%6, %25) : [12]
      return %26"
    `);
  });
});

describe.each<Loss>(["ridge", "logistic", "softmax"])("%s regression", (loss) => {
  it.each([undefined, 3])("has as many nodes for 10 as for 1000 terms, sample %s", (sample) => {
    const counts = [10, 1000].map((terms) => {
      const model = regression(loss, terms, sample);
      const g = graphs(model);
      return [nodeCount([model.f]), ...Object.values(g).map((node) => nodeCount([node]))];
    });
    expect(counts[0]).toEqual(counts[1]);
    expect(Math.max(...counts[0])).toBeLessThan(32);
  });
});
