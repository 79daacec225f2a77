import { describe, expect, it } from "vitest";
import { Source } from "../../src/base/source.js";
import { format, print } from "../../src/syntax/print.js";
import { printExpression } from "../../src/syntax/printExpression.js";
import { expressionOf, treeOf } from "./support.js";

function formatted(text: string): string {
  const { text: once, diagnostics } = format(new Source("t.blo", text));
  expect(diagnostics).toEqual([]);
  expect(format(new Source("t.blo", once ?? "")).text).toBe(once);
  return once ?? "";
}

describe("format", () => {
  it("lays a file out", () => {
    const text = `# seed\r
problem   "Toll";param cost [3]=[6,9,4]


set Train=1 .. k+1
fn loss( r )=.5*r ^2   # user function
minimax{minimize var x in[-5,5]
maximise var y>=0 init 2.; objective 7x^2-12x *y+(4)*y^2
  subject   to   # the list
    # named
    cap : forall i in 1..3 where (i!=2):flow[i]≤6

    0<=x+y<=4; -x <= 3
}
solve{method soba;seed 1;time 30s}
expect {
  x=7 within 1e-6 # exact
  status converged}
`;
    expect(formatted(text)).toBe(`# seed
problem "Toll"
param cost[3] = [6, 9, 4]

set Train = 1..k+1
fn loss(r) = 0.5 * r^2  # user function
minimax {
  minimize var x in [-5, 5]
  maximize var y >= 0 init 2
  objective 7x^2 - 12x*y + 4 * y^2
  subject to     # the list
    # named
    cap: forall i in 1..3 where i != 2: flow[i] <= 6

    0 <= x + y <= 4
    -x <= 3
}
solve { method soba ; seed 1 ; time 30s }
expect {
  x = 7 within 1e-6 # exact
  status converged
}
`);
  });

  it("breaks long lines where they may be broken, outer operators first", () => {
    const term = (i: number) => `alpha[${i}] * sin(beta[${i}] + gamma[${i}])`;
    const text = formatted(`upper {\nminimize ${[1, 2, 3, 4].map(term).join(" + ")}\n}`);
    expect(text).toBe(`upper {
  minimize alpha[1] * sin(beta[1] + gamma[1]) + alpha[2] * sin(beta[2] + gamma[2]) +
      alpha[3] * sin(beta[3] + gamma[3]) + alpha[4] * sin(beta[4] + gamma[4])
}
`);
    const vector = formatted(`param a = [${Array.from({ length: 80 }, (_, i) => 100 + i).join(",")}]`);
    expect(vector.split("\n").every((line) => line.length <= 120)).toBe(true);
    expect(vector.split("\n")).toHaveLength(5); // four lines and the end
  });

  it("keeps the rows of tables, and makes tables of long matrices", () => {
    const kept = `param A = [
  [1, 2],
  [3, 4]
] / 2
let B = [
  a, b,
  c
]' + [[1, 2], [3, 4]]
`;
    expect(formatted(kept)).toBe(kept.replace("a, b,\n  c", "a, b, c"));
    expect(formatted("param A = [[1,2],\n           [3,4]]")).toBe("param A = [\n  [1, 2],\n  [3, 4]\n]\n");
    expect(formatted("param A = [[1,\n2],[3,4]]")).toBe("param A = [[1, 2], [3, 4]]\n");
    const long = formatted(`upper {\nlet A = f([${Array.from({ length: 40 }, (_, i) => `[${i},2]`).join(",")}])\n}`);
    expect(long.split("\n").slice(1, 3)).toEqual(["  let A = f([", "    [0, 2],"]);
  });

  it("keeps blocks open that the source opens, and comments in their column", () => {
    const kept = `param a = 1            # one
param long = 12345 + a # two
param b = 2 # three
solve { seed 1 ; time 30s }
expect {
  x = 1
  status converged
}
`;
    expect(formatted(kept)).toBe(kept);
    expect(formatted("param a  =  1   # one\n")).toBe("param a = 1     # one\n");
    expect(formatted("param a=1  # one\n")).toBe("param a = 1  # one\n");
  });

  it("moves comments out of a statement and keeps the rest in place", () => {
    expect(
      formatted(
        "let a = f(1, # one\n  2) # two\n\n\n# three\nupper { # four\n var x # five\n # six\n} # seven\n# eight",
      ),
    ).toBe(`# one
let a = f(1, 2) # two

# three
upper { # four
  var x # five
  # six
} # seven
# eight
`);
    expect(formatted("solve { seed 1 } # a\nexpect { # b\n}\nparam a; param b # c")).toBe(`solve { seed 1 } # a
# b
expect { }
param a
param b # c
`);
  });

  it("keeps how numbers are spelled", () => {
    expect(formatted("param a = [1e-6, 100, 1E3, 1.50, .5, 2.]")).toBe("param a = [1e-6, 100, 1E3, 1.50, 0.5, 2]\n");
  });

  it("refuses a text with errors", () => {
    const { text, diagnostics } = format(new Source("t.blo", "param a = *"));
    expect(text).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
  });

  it("prints a tree without its source", () => {
    expect(print(treeOf("upper {\n\n var x # lost place\n minimize 2x\n}"))).toContain("minimize 2x");
  });
});

describe("printExpression", () => {
  it.each([
    ["(a + b) * c", "(a + b) * c"],
    ["(a * b) + c", "a * b + c"],
    ["a - (b - c)", "a - (b - c)"],
    ["(a - b) - c", "a - b - c"],
    ["(-x)^2", "(-x)^2"],
    ["-(x^2)", "-x^2"],
    ["(x^y)^z", "(x^y)^z"],
    ["x^(y^z)", "x^y^z"],
    ["x^(-y)", "x^-y"],
    ["1/(2x)", "1 / (2x)"],
    ["x^(2y)", "x^(2y)"],
    ["x^-(2y)", "x^-(2y)"],
    ["2(3)", "2(3)"],
    ["2(e3)", "2(e3)"],
    ["2(x)", "2x"],
    ["2(x')", "2x'"],
    ["2((3)^x)", "2(3^x)"],
    ["(a < b) == c", "(a < b) == c"],
    ["not (a and b)", "not (a and b)"],
    ["(if a then b else c) + 1", "(if a then b else c) + 1"],
    ["if a then (if b then c else d) else e", "if a then (if b then c else d) else e"],
    ["0.000001", "1e-6"],
    ["1e4", "1e4"],
    ["0.1", "0.1"],
    [
      "mean(i in S, j in 1..n-1 where i != j batch 32: A[i, :] * w)",
      "mean(i in S, j in 1..n-1 where i != j batch 32: A[i, :] * w)",
    ],
    ['d[["a", "b"]]', 'd[["a", "b"]]'],
    ["x[a+1:b]", "x[a+1:b]"],
  ])("%s", (text, expected) => {
    expect(printExpression(expressionOf(text))).toBe(expected);
  });

  it("prints numbers that no literal can be", () => {
    const span = { start: 0, end: 0 };
    const number = (value: number) => ({ kind: "number", value, span }) as const;
    const power = { kind: "binary", operator: "^", left: number(-2), right: number(-1), span } as const;
    expect(printExpression(power)).toBe("(-2)^-1");
    expect(printExpression(number(Number.POSITIVE_INFINITY))).toBe("inf");
    expect(printExpression({ kind: "coefficient", coefficient: number(-2), factor: number(3), span })).toBe("(-2)*3");
  });
});
