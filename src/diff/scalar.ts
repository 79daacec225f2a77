/**
 * Functions of scalars as text, differentiated and evaluated by mathjs: formulas for people, and an oracle that shares
 * nothing with the graph. mathjs is loaded on first use. Its default simplification takes minutes on a few products, so
 * derivatives are taken with `simplify: false` and passed through `simplifyCore`. What mathjs has no rule for (choice,
 * max, min, abs, log1p, …) is taken out as a fresh symbol z and put back by the chain rule,
 *   dE/dx = E_x + sum over k of E_{z_k} dz_k/dx.
 */
import type { MathNode } from "./vendor/mathjs.js";

type Mathjs = typeof import("./vendor/mathjs.js");

/** Partial derivatives of functions without a rule in mathjs, over the arguments a and b. */
const partials: ReadonlyMap<string, readonly string[]> = new Map([
  ["abs", ["sign(a)"]],
  ["sign", ["0"]],
  ["step", ["0"]],
  ["square", ["2 * a"]],
  ["tan", ["1 + tan(a)^2"]],
  ["tanh", ["1 - tanh(a)^2"]],
  ["log1p", ["1 / (1 + a)"]],
  ["expm1", ["exp(a)"]],
  ["sigmoid", ["sigmoid(a) * (1 - sigmoid(a))"]],
  ["softplus", ["sigmoid(a)"]],
  ["relu", ["step(a)"]],
  ["erf", ["2 / sqrt(pi) * exp(-a^2)"]],
  ["max", ["(step(a - b) + 1 - step(b - a)) / 2", "(step(b - a) + 1 - step(a - b)) / 2"]],
  ["min", ["(step(b - a) + 1 - step(a - b)) / 2", "(step(a - b) + 1 - step(b - a)) / 2"]],
  ["atan2", ["b / (a^2 + b^2)", "-a / (a^2 + b^2)"]],
  ["huber", ["max(-b, min(b, a))", "relu(abs(a) - b)"]],
]);

const arithmetic = /^[-+*/^]$/;
const relation = /^(==|!=|<|>|<=|>=|and|or|not)$/;
const undotted = new Map([".*", "./", ".^"].map((op) => [op, op.slice(1)]));
const native = new Set("exp log sqrt sin cos asin acos atan sinh cosh".split(" "));

/** Our functions that mathjs lacks, written for accuracy only as far as an oracle needs it. */
const extra: Readonly<Record<string, (...args: number[]) => number>> = {
  sigmoid: (a) => 0.5 * (1 + Math.tanh(a / 2)),
  softplus: (a) => (a > 30 ? a : Math.log1p(Math.exp(a))),
  relu: (a) => (a > 0 ? a : 0),
  step: (a) => (a > 0 ? 1 : 0),
  square: (a) => a * a,
  huber: (r, d = 1) => (Math.abs(r) <= d ? (r * r) / 2 : d * (Math.abs(r) - d / 2)),
};

/** Loaded on first use. */
function mathjs(): Promise<Mathjs> {
  return import("./vendor/mathjs.js");
}

/** What this file reads of the nodes that matter. */
interface Operation extends MathNode {
  readonly op: string;
  readonly args: MathNode[];
}
interface Call extends MathNode {
  readonly fn: { readonly name: string };
  readonly args: MathNode[];
}
interface Choice extends MathNode {
  readonly condition: MathNode;
  readonly trueExpr: MathNode;
  readonly falseExpr: MathNode;
}

/**
 * The derivative of a function body by one of its parameters, as text in the language's syntax (with `c ? a : b` for
 * choices); undefined where the body holds something that is no function of scalars.
 */
export async function scalarDerivative(body: string, parameter: string): Promise<string | undefined> {
  const math = await mathjs();
  const tree = translated(math, body);
  const derivative = tree && differentiate(math, tree, parameter, { next: 0 });
  if (!derivative) return undefined;
  return shortened(math, derivative).toString({ parenthesis: "auto" });
}

/** A function that evaluates a body (or a derivative of one) at values of its parameters; NaN where it is not real. */
export async function scalarEvaluator(
  body: string,
  parameters: readonly string[],
): Promise<((...values: number[]) => number) | undefined> {
  const math = await mathjs();
  const code = translated(math, body)?.compile();
  if (!code) return undefined;
  return (...values) => {
    const scope = new Map<string, unknown>(Object.entries(extra));
    parameters.forEach((p, i) => {
      scope.set(p, values[i]);
    });
    const value: unknown = code.evaluate(scope);
    if (typeof value === "boolean") return value ? 1 : 0;
    return typeof value === "number" ? value : Number.NaN;
  };
}

/** The body as a mathjs tree: `if c then a else b` becomes `c ? a : b`, dotted operators lose their dots. */
function translated(math: Mathjs, body: string): MathNode | undefined {
  const text = body
    .replace(/\bif\b/g, " ")
    .replace(/\bthen\b/g, "?")
    .replace(/\belse\b/g, ":")
    .replace(/\binf\b/g, "Infinity");
  let tree: MathNode;
  try {
    tree = math.parse(text);
  } catch {
    return undefined;
  }
  const plain = rewritten(math, tree);
  const known = (node: MathNode): boolean => {
    if (isCall(node)) return native.has(node.fn.name) || partials.has(node.fn.name);
    if (isOperator(node)) return arithmetic.test(node.op) || relation.test(node.op);
    return /^(Symbol|Constant|Parenthesis|Conditional|Relational)Node$/.test(node.type);
  };
  let scalar = true;
  plain.traverse((node) => {
    scalar &&= known(node);
  });
  return scalar ? plain : undefined;
}

/** Bottom up: dotted operators without their dots, calls prepared. */
function rewritten(math: Mathjs, tree: MathNode): MathNode {
  const node = tree.map((child) => rewritten(math, child));
  if (isCall(node)) return prepared(math, node);
  const dotted = isOperator(node) ? undotted.get(node.op) : undefined;
  return dotted
    ? math.parse(`(a) ${dotted} (b)`).transform((leaf) => {
        if (leaf.type !== "SymbolNode") return leaf;
        return (node as Operation).args[leaf.toString() === "a" ? 0 : 1];
      })
    : node;
}

/** simplifyCore does not look into choices: their branches pass through here on their own. */
function shortened(math: Mathjs, tree: MathNode): MathNode {
  return math.simplifyCore(counted(math, math.simplifyCore(tree)));
}

/** Sums, differences and products of numbers worked out: the exponents 3 - 1 that derivatives of powers leave. */
function counted(math: Mathjs, tree: MathNode): MathNode {
  const node = tree.map((child) => counted(math, child));
  if (!isOperator(node) || !/^[-+*]$/.test(node.op) || !node.args.every((a) => a.type === "ConstantNode")) return node;
  const value: unknown = node.compile().evaluate();
  return typeof value === "number" && value >= 0 ? new math.ConstantNode(value) : node;
}

/** max and min of many as nested pairs; the default width of huber. */
function prepared(math: Mathjs, node: Call): MathNode {
  const { name } = node.fn;
  if (name === "huber" && node.args.length === 1)
    return new math.FunctionNode("huber", [...node.args, new math.ConstantNode(1)]);
  if ((name === "max" || name === "min") && node.args.length !== 2)
    return node.args.reduce((p, q) => new math.FunctionNode(name, [p, q]));
  return node;
}

function isCall(node: MathNode): node is Call {
  return node.type === "FunctionNode";
}
function isChoice(node: MathNode): node is Choice {
  return node.type === "ConditionalNode";
}
function isOperator(node: MathNode): node is Operation {
  return node.type === "OperatorNode";
}

function differentiate(math: Mathjs, tree: MathNode, parameter: string, names: { next: number }): MathNode {
  // outermost parts without a rule become symbols
  const parts = new Map<string, MathNode>();
  const opened = takeOut(math, tree, parts, names);
  const options = { simplify: false };
  let total = math.derivative(opened, parameter, options);
  for (const [symbol, part] of parts) {
    const outer = math.derivative(opened, symbol, options);
    total = add(math, total, multiply(math, outer, inner(math, part, parameter, names)));
  }
  return total.transform((node) => (node.type === "SymbolNode" ? (parts.get(node.toString()) ?? node) : node));
}

function takeOut(math: Mathjs, node: MathNode, parts: Map<string, MathNode>, names: { next: number }): MathNode {
  const flat = isOperator(node) && relation.test(node.op);
  if (flat || node.type === "RelationalNode" || isChoice(node) || (isCall(node) && !native.has(node.fn.name))) {
    const symbol = `part__${names.next++}`;
    parts.set(symbol, node);
    return new math.SymbolNode(symbol);
  }
  return node.map((child) => takeOut(math, child, parts, names));
}

/** The derivative of a part that mathjs has no rule for. */
function inner(math: Mathjs, part: MathNode, parameter: string, names: { next: number }): MathNode {
  if (isChoice(part)) {
    const [yes, no] = [part.trueExpr, part.falseExpr].map((e) =>
      shortened(math, differentiate(math, e, parameter, names)),
    );
    return new math.ParenthesisNode(new math.ConditionalNode(part.condition, yes, no));
  }
  // comparisons and logic are flat
  if (!isCall(part)) return new math.ConstantNode(0);
  let total: MathNode = new math.ConstantNode(0);
  partials.get(part.fn.name)!.forEach((text, i) => {
    const letters = new Map(part.args.map((arg, k) => ["ab"[k], new math.ParenthesisNode(arg)]));
    const slope = math
      .parse(text)
      .transform((node) => (node.type === "SymbolNode" ? (letters.get(node.toString()) ?? node) : node));
    total = add(math, total, multiply(math, slope, differentiate(math, part.args[i], parameter, names)));
  });
  return total;
}

function add(math: Mathjs, p: MathNode, q: MathNode): MathNode {
  return new math.OperatorNode("+", "add", [p, q]);
}
function multiply(math: Mathjs, p: MathNode, q: MathNode): MathNode {
  return new math.OperatorNode("*", "multiply", [new math.ParenthesisNode(p), new math.ParenthesisNode(q)]);
}
