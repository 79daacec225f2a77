/**
 * Log-convexity (Boyd and Vandenberghe 2004, section 3.5): the kind of log u for u >= 0. Exponentials of convex functions
 * are log-convex, and so are sums, products and largest entries of such; concave functions are log-concave, and so are their
 * products and quotients with log-convex ones. Thus log(sum exp) is convex, log(sigmoid) concave, exp(u) / v convex for concave v > 0.
 */
import type { Node } from "../../expr/node.js";
import type { Analysis } from "../analysis.js";
import { composed, type Kind, negated, plus, sides } from "../kinds.js";
import type { Form } from "./index.js";

const through = new Set(["broadcast", "reshape", "transpose", "take"]);
const sums = new Set(["add", "sum", "put", "max", "maxOf", "concat"]);
/** Expressions nested deeper in each other are left. */
const DEPTH = 40;

export const logarithms: Form = (a, node) => {
  const rule = (kind: Kind, words: string, premises: readonly Node[]): ReturnType<Form> =>
    kind === "unknown" ? undefined : { kind, reason: { rule: words, premises } };
  if (node.op === "log") {
    const kind = logKind(a, node.args[0], 0);
    return rule(
      kind,
      kind === "concave" ? "logarithm of a log-concave function" : "logarithm of a log-convex function",
      inner(a, node.args[0]),
    );
  }
  if (node.op === "log1p") {
    const found = sides(logKind(a, node.args[0], 0)).convex;
    return found ? rule("convex", "logarithm of a log-convex function", inner(a, node.args[0])) : undefined;
  }
  if (!["mul", "div", "pow", "sqrt"].includes(node.op)) return undefined;
  return sides(logKind(a, node, 0)).convex ? rule("convex", "log-convex function", inner(a, node)) : undefined;
};

/** What a log-convexity argument starts from: the first nodes below that have a kind of their own. */
function inner(a: Analysis, node: Node): readonly Node[] {
  const found = new Set<Node>();
  const stack = [node];
  const seen = new Set<Node>();
  for (let n = stack.pop(); n && found.size < 4; n = stack.pop()) {
    if (seen.has(n) || !a.varies(n)) continue;
    seen.add(n);
    if (a.kind(n) !== "unknown" && n !== node && n.op !== "exp" && !sums.has(n.op) && !through.has(n.op)) found.add(n);
    else stack.push(...n.args);
  }
  return [...found].reverse();
}

/** The kind of log(node); "unknown" also where the node may be negative. */
function logKind(a: Analysis, node: Node, depth: number): Kind {
  if (depth > DEPTH) return "unknown";
  if (!a.varies(node)) return a.bounds(node).lo >= 0 ? "constant" : "unknown";
  const special = byOperator(a, node, depth + 1);
  if (special !== "unknown") return special;
  return sides(a.kind(node)).concave && a.bounds(node).lo >= 0 ? "concave" : "unknown";
}

function byOperator(a: Analysis, node: Node, depth: number): Kind {
  const of = (k: number): Kind => logKind(a, node.args[k], depth);
  if (node.op === "exp") return a.kind(node.args[0]);
  if (through.has(node.op) || node.op === "sqrt") return of(0);
  if (sums.has(node.op)) return node.args.every((_, k) => sides(of(k)).convex) ? "convex" : "unknown";
  if (node.op === "min" || node.op === "minOf")
    return node.args.every((_, k) => sides(of(k)).concave) ? "concave" : "unknown";
  if (node.op === "mul") return plus(of(0), of(1));
  if (node.op === "contract") return sides(of(0)).convex && sides(of(1)).convex ? "convex" : "unknown";
  if (node.op === "div") return plus(of(0), negated(of(1)));
  if (node.op === "square") return a.bounds(node.args[0]).lo >= 0 ? of(0) : "unknown";
  if (node.op === "pow" && !a.varies(node.args[1])) {
    const { lo, hi } = a.bounds(node.args[1]);
    return a.bounds(node.args[0]).lo < 0 ? "unknown" : lo >= 0 ? of(0) : hi <= 0 ? negated(of(0)) : "unknown";
  }
  // log sigmoid(t) = -softplus(-t) is concave and increasing
  if (node.op === "sigmoid") return composed({ bend: "concave", trends: ["increasing"] }, [a.kind(node.args[0])]);
  if (node.op === "cosh" && a.straight(node.args[0])) return "convex";
  return "unknown";
}
