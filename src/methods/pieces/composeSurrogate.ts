/**
 * Methods of a surrogate and an outer rule: descent on one function S(x, y) by the loop of joint.ts, in the published way
 *
 *   x <- outer rule (x, S_x),   y <- outer rule (y, S_y)      together, y after x, or y inside the surrogate
 *
 * with the surrogate's parameters as given. Its solution is that of the surrogate, biased as its claim says.
 */
import { choice } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, MethodContext, Parameter } from "../method.js";
import { type CompositionFacts, lowerCase, mergedReference, refuseTwins } from "./composeLower.js";
import { JointLoop } from "./joint.js";
import { gradientStep } from "./outer/gradient.js";
import type { MoveOrder, OuterPiece, OuterRule, SurrogatePiece } from "./piece.js";

export interface SurrogateComposition extends CompositionFacts {
  readonly surrogate: SurrogatePiece;
  /** Default: the gradient step. */
  readonly outer?: OuterPiece;
}

const orderWords: Readonly<Record<MoveOrder, string>> = {
  together: "both from the old point",
  "after-x": "y at the new x",
  nested: "y inside the surrogate",
};

export function composeSurrogate(parts: SurrogateComposition): Method<Running> {
  const { surrogate: piece } = parts;
  const outer = parts.outer ?? gradientStep;
  const id = parts.id ?? `${piece.id}+${outer.id}`;
  const parameters = mergedParameters(parts, outer);
  refuseTwins(parameters, id);
  const words = piece.moves.map((order) => orderWords[order]).join(", or ");
  const nested = piece.moves[0] === "nested";
  return {
    id,
    title: parts.title ?? `${piece.title}; ${lowerCase(outer.title)}`,
    reference: parts.reference ?? mergedReference([piece, outer]),
    formulas: parts.formulas ?? [
      ...piece.formulas,
      ...outer.formulas,
      nested ? `G = S_x; ${words}` : `for x with G = S_x, for y with G = S_y; ${words}`,
    ],
    assumptions: parts.assumptions ?? "What the surrogate asks of the lower level; f and g smooth.",
    failures:
      parts.failures ??
      "For fixed parameters the solution is that of the surrogate, with its bias; steps and progress shrink as the penalty grows.",
    requirements: {
      order: piece.order,
      class: parts.class ?? piece.class,
      upperDomain: true,
      lowerDomain: piece.projects,
      upperConstraints: piece.upperConstraints === true,
      lowerConstraints: piece.constraints,
      minimaxOnly: false,
    },
    parameters,
    init: (context) =>
      new JointLoop(context, {
        surrogate: piece.make(context),
        ruleX: ruleOf(context, outer, context.oracle.n, ["stepX"]),
        ruleY: ruleOf(context, outer, context.oracle.m, ["stepY", "stepX"]),
        afterX: choice(context, "order", piece.moves[0]) === "after-x",
      }),
    ...running,
  };
}

/** The rule whose step size is the first option given of `names`. */
function ruleOf(context: MethodContext, outer: OuterPiece, size: number, names: readonly string[]): OuterRule {
  const { parameters } = context;
  const eta = names.map((name) => parameters[name]).find((value) => value !== undefined);
  return outer.make({ ...context, parameters: { ...parameters, eta } }, size);
}

/** The outer rule's `eta` becomes `stepX` and `stepY`: surrogates have step sizes of their own, some of that name. */
function mergedParameters({ surrogate, defaults = {} }: SurrogateComposition, outer: OuterPiece): readonly Parameter[] {
  const { moves } = surrogate;
  const eta = outer.parameters.find((p) => p.name === "eta");
  const steps: readonly Parameter[] =
    eta === undefined ? [] : [{ ...eta, name: "stepX", doc: "Step size of x, divided by the surrogate's penalty." }];
  const second: readonly Parameter[] =
    eta === undefined || moves[0] === "nested"
      ? []
      : [
          {
            ...eta,
            name: "stepY",
            auto: `stepX where that is given, else ${eta.auto ?? eta.default}`,
            doc: "Step size of y.",
          },
        ];
  const order: readonly Parameter[] =
    moves.length === 1
      ? []
      : [
          {
            name: "order",
            type: "choice",
            default: moves[0],
            choices: moves,
            doc: "x and y both from the old point, or y after x at the new one.",
          },
        ];
  const others = outer.parameters.filter((p) => p !== eta);
  const all = [...surrogate.parameters, ...steps, ...second, ...order, ...others];
  return all.map((p) => (defaults[p.name] === undefined ? p : { ...p, default: defaults[p.name] }));
}
