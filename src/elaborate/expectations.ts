/** `expect { }`: what the answer must be, as nodes over x and y beside the expected numbers. */
import { assertNever } from "../base/never.js";
import { closest } from "../base/suggest.js";
import { type Shape, sameShape } from "../expr/node.js";
import type { ExpectationModel } from "../model/problem.js";
import { ownShape, type Value } from "../ops/value.js";
import type { Expectation, ExpectBlock, ObjectiveTarget } from "../syntax/tree.js";
import { type Context, shapeWords } from "./context.js";
import { fileScope } from "./declarations.js";
import { known } from "./known.js";

type ValueExpectation = Extract<Expectation, { kind: "value" }>;
type ValueModel = Extract<ExpectationModel, { kind: "value" }>;

/** `followers`: the names of the lower levels, in order; an unnamed one is `undefined`. */
export function expectationsOf(
  c: Context,
  blocks: readonly ExpectBlock[],
  followers: readonly (string | undefined)[],
): ExpectationModel[] {
  return blocks
    .flatMap((b) => b.items)
    .map((item) => expectationOf(c, item, followers))
    .filter((m) => m !== undefined);
}

function expectationOf(
  c: Context,
  item: Expectation,
  followers: readonly (string | undefined)[],
): ExpectationModel | undefined {
  switch (item.kind) {
    case "status":
      return { kind: "status", status: item.status.name, span: item.span };
    case "needs":
      return { kind: "needs", method: item.method.name, span: item.span };
    case "value":
      return valueExpectation(c, item, followers);
    default:
      return assertNever(item);
  }
}

function valueExpectation(
  c: Context,
  item: ValueExpectation,
  followers: readonly (string | undefined)[],
): ValueModel | undefined {
  const found = targetOf(c, item, followers);
  const value = known(c, item.value, fileScope(c), { code: "BLO0602", what: "the expected value" });
  const within = toleranceOf(c, item);
  if (!found || !value || within === "wrong") return undefined;
  if (value.shape.length > 0 && !fits(value.shape, found.value)) {
    const shape = found.value ? ownShape(found.value) : [];
    const parameters = {
      what: "the expected value",
      expected: shapeWords(shape),
      found: shapeWords(value.shape),
    };
    return c.report("BLO0409", parameters, { span: item.value.span });
  }
  const text = c.text(item.target);
  return { kind: "value", text, target: found.target, value: value.values.slice(), within, span: item.span };
}

/** Vectors are compared by their entries: rows and columns of one length fit. */
function fits(shape: Shape, target: Value | undefined): boolean {
  return target !== undefined && sameShape(shape, ownShape(target));
}

function targetOf(
  c: Context,
  item: ValueExpectation,
  followers: readonly (string | undefined)[],
): { readonly target: ValueModel["target"]; readonly value?: Value } | undefined {
  if (item.target.kind === "objective-of") {
    const target = objectiveOf(c, item.target, followers);
    return target && { target };
  }
  const value = c.value(item.target, fileScope(c));
  return value && { target: value.node, value };
}

function objectiveOf(
  c: Context,
  { level, name, span }: ObjectiveTarget,
  followers: readonly (string | undefined)[],
): ValueModel["target"] | undefined {
  if (level === "upper") return { objective: "upper" };
  const names = followers.filter((f) => f !== undefined);
  if (name) {
    const follower = followers.indexOf(name.name);
    if (follower >= 0) return { objective: "lower", follower };
    const parameters = { name: name.name, followers: names, suggestion: closest(name.name, names) };
    return c.report("BLO0318", parameters, { span: name.span });
  }
  if (followers.length > 1) return c.report("BLO0319", { followers: names }, { span });
  return { objective: "lower", follower: 0 };
}

function toleranceOf(c: Context, { within }: ValueExpectation): number | undefined | "wrong" {
  if (!within) return undefined;
  const found = known(c, within, fileScope(c), { code: "BLO0602", what: "a tolerance" });
  if (!found) return "wrong";
  const [value] = found.values;
  if (found.shape.length === 0 && value > 0 && Number.isFinite(value)) return value;
  c.report(
    "BLO0613",
    { found: found.shape.length === 0 ? `${value}` : shapeWords(found.shape) },
    { span: within.span },
  );
  return "wrong";
}
