/** Chains of sums and differences: choices with one condition become one, factors that all terms begin with stand in front. */
import type { Node } from "../../expr/node.js";
import { printExpression } from "../../syntax/printExpression.js";
import type { Expression } from "../../syntax/tree.js";
import { choice, isNegative, negative, piecesOf, productOf, scaled, sumOf } from "../notation/make.js";
import { numberExpression } from "../notation/numbers.js";
import type { Arguments } from "./arguments.js";

export function sum(w: Arguments, node: Node): Expression {
  return factored(withLikeTerms(withOneChoice(terms(w, node))));
}

/** The terms of a chain of sums and differences. */
function terms(w: Arguments, node: Node): Expression[] {
  const chain = (arg: Node): Expression[] =>
    (arg.op === "add" || arg.op === "sub") && !w.isDefined(arg) ? terms(w, arg) : [w.write(arg)];
  const [a, b] = node.args;
  const second = chain(b);
  return [...chain(a), ...(node.op === "sub" ? second.map(negative) : second)];
}

const isZero = (e: Expression): boolean => e.kind === "number" && e.value === 0;

type Choice = Extract<Expression, { kind: "conditional" }>;

/** `(if c then a else b) + (if c then d else e)` is `if c then a + d else b + e`. */
function withOneChoice(parts: readonly Expression[]): readonly Expression[] {
  const groups = new Map<string, { readonly at: number; readonly choices: Choice[] }>();
  parts.forEach((part, at) => {
    const found = choiceIn(part);
    if (found === undefined) return;
    const key = printExpression(found.condition);
    const group = groups.get(key);
    if (group) group.choices.push(found);
    else groups.set(key, { at, choices: [found] });
  });
  const many = [...groups.values()].filter((g) => g.choices.length > 1);
  if (many.length === 0) return parts;
  const gone = new Set(many.flatMap((g) => g.choices.map((c) => printExpression(c.condition))));
  return parts.flatMap((part, at): readonly Expression[] => {
    const found = choiceIn(part);
    if (found === undefined || !gone.has(printExpression(found.condition))) return [part];
    const group = many.find((g) => g.at === at);
    if (group === undefined) return [];
    const side = (of: (c: Choice) => Expression): Expression =>
      factored(withLikeTerms(group.choices.map(of).filter((e) => !isZero(e))));
    return [
      choice(
        found.condition,
        side((c) => c.consequent),
        side((c) => c.alternate),
      ),
    ];
  });
}

/** The choice that a term is, its sign inside. */
function choiceIn(term: Expression): Choice | undefined {
  if (term.kind === "conditional") return term;
  if (term.kind !== "unary" || term.operator !== "-" || term.operand.kind !== "conditional") return undefined;
  const { condition, consequent, alternate } = term.operand;
  const opposite = (e: Expression): Expression => (isZero(e) ? e : negative(e));
  return choice(condition, opposite(consequent), opposite(alternate)) as Choice;
}

/** `a^2 + 2 * a^2` is `3 * a^2`. */
function withLikeTerms(parts: readonly Expression[]): readonly Expression[] {
  const found = new Map<string, { count: number; readonly rest: readonly Expression[] }>();
  for (const term of parts) {
    const minus = isNegative(term);
    const [first, ...others] = piecesOf(minus ? negative(term) : term);
    const numbered = first.kind === "number" && others.length > 0;
    const rest = numbered ? others : [first, ...others];
    const count = (minus ? -1 : 1) * (numbered ? first.value : 1);
    const key = rest.map(printExpression).join(" * ");
    const known = found.get(key);
    if (known) known.count += count;
    else found.set(key, { count, rest });
  }
  if (found.size === parts.length || [...found.values()].some((t) => t.count === 0)) return parts;
  return [...found.values()].map(({ count, rest }) => scaled(numberExpression(count), rest));
}

/** `A * x - A * y` is `A * (x - y)`, where that is shorter and more than a number is shared. */
function factored(parts: readonly Expression[]): Expression {
  const plain = sumOf(parts);
  if (parts.length < 2) return plain;
  const split = parts.map((term) => ({
    minus: isNegative(term),
    factors: piecesOf(isNegative(term) ? negative(term) : term),
  }));
  const shortest = Math.min(...split.map((t) => t.factors.length));
  const [{ factors: first }] = split;
  let shared = 0;
  while (
    shared < shortest - 1 &&
    split.every((t) => printExpression(t.factors[shared]) === printExpression(first[shared]))
  )
    shared++;
  const front = first.slice(0, shared);
  if (front.every((f) => f.kind === "number")) return plain;
  const rest = split.map(({ minus, factors }) => {
    const left = productOf(factors.slice(shared));
    return minus ? negative(left) : left;
  });
  const together = productOf([...front, sumOf(rest)]);
  return printExpression(together).length < printExpression(plain).length ? together : plain;
}
