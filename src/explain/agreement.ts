/**
 * Proofs of curvature against samples of the functions: how many segments agree, or the report of those that do not
 * (see disagreement.ts).
 */
import { diagnostic } from "../base/diagnostic.js";
import { version } from "../base/version.js";
import { type Disagreement, verifyCurvature } from "../curvature/verify.js";
import type { Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import { valuesOf } from "../report/values.js";
import { parse } from "../syntax/parse.js";
import {
  DisagreementError,
  type DisagreementFinding,
  type DisagreementPoint,
  type DisagreementReport,
  reportKind,
} from "./disagreement.js";
import { number } from "./notation/numbers.js";

/** Segments that agree with what is proved; throws a DisagreementError with BLO1101 where some do not. */
export function agreedSegments(problem: Problem, params: DisagreementReport["params"] = {}): number {
  const { disagreements, samples } = verifyCurvature(problem);
  if (disagreements.length === 0) return samples;
  const [{ what, claim, node, witness }] = disagreements;
  const at = (p: { readonly x: Float64Array; readonly y: Float64Array }): string =>
    `x = ${shortened(p.x)}, y = ${shortened(p.y)}`;
  const { first, last, excess } = witness;
  const said = { what, claim, excess, first: at(first), last: at(last) };
  throw new DisagreementError(
    [diagnostic("BLO1101", said, { span: node.origin })],
    reportOf(problem, disagreements, params),
  );
}

function reportOf(
  problem: Problem,
  disagreements: readonly Disagreement[],
  params: DisagreementReport["params"],
): DisagreementReport {
  const { source } = problem;
  const declared = parse(source).tree?.items ?? [];
  return {
    kind: reportKind,
    code: "BLO1101",
    version,
    findings: disagreements.map((d) => findingOf(problem, d)),
    source: { name: source.name, text: source.text },
    params,
    data: declared.flatMap((d) => (d.kind === "data" ? [{ name: d.name.name, path: d.path.value }] : [])),
  };
}

function findingOf(problem: Problem, { what, claim, node, derivation, witness }: Disagreement): DisagreementFinding {
  const point = ({ x, y }: { readonly x: Float64Array; readonly y: Float64Array }): DisagreementPoint => {
    const inputs = new Map([
      [problem.x, x],
      [problem.y, y],
    ]);
    return { variables: valuesOf(problem, x, y), value: Array.from(evaluate([node], inputs)[0]) };
  };
  return {
    what,
    claim,
    expression: node.origin && problem.source.slice(node.origin),
    derivation,
    first: point(witness.first),
    middle: point(witness.middle),
    last: point(witness.last),
    excess: witness.excess,
  };
}

/** For a message: the first few numbers. */
function shortened(v: Float64Array): string {
  const shown = Array.from(v.subarray(0, 6), number).join(", ");
  return `(${shown}${v.length > 6 ? ", ..." : ""})`;
}
