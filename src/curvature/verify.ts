/**
 * Proofs against samples: every proved shape of an objective or constraint, and every proved modulus, must survive segments of
 * random points. Where it does not, a rule is wrong, and the disagreement says what to look at.
 */
import type { Derivation } from "../base/derivation.js";
import type { Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { curvatureOf, sharedOf } from "./problem.js";
import { sampledCheck } from "./sampled.js";
import type { Selection } from "./selection.js";
import type { LevelCurvature, StrongConvexity, Verdict, Witness } from "./verdict.js";

export interface Disagreement {
  /** e.g. `the objective of lower in its own variables` */
  readonly what: string;
  readonly claim: string;
  /** The proof of the claim: one of its rules is wrong, or the evaluation. */
  readonly derivation: Derivation;
  readonly node: Node;
  readonly witness: Witness;
}

export interface Verified {
  readonly disagreements: readonly Disagreement[];
  /** Segments that agreed. */
  readonly samples: number;
}

/** At most `segments` for each proved shape, fewer where a function is expensive. */
export function verifyCurvature(problem: Problem, segments = 40): Verified {
  const { boxes } = sharedOf(problem);
  const { upper, lowers } = curvatureOf(problem);
  const disagreements: Disagreement[] = [];
  let samples = 0;
  const check = (
    what: string,
    { shape, derivation }: Verdict,
    node: Node,
    selection: Selection,
    strong?: StrongConvexity,
  ): void => {
    const mu = strong?.mu ?? 0;
    const signs: readonly (1 | -1)[] =
      shape === "affine" || shape === "constant" ? [1, -1] : shape === "convex" ? [1] : shape === "concave" ? [-1] : [];
    for (const sign of signs) {
      const found = sampledCheck(problem, boxes, node, selection, sign, sign > 0 ? mu : 0, segments);
      samples += found.samples;
      if (!found.witness) continue;
      const said =
        strong !== undefined && mu > 0
          ? { claim: `strongly convex with mu = ${mu}`, derivation: strong.derivation }
          : { claim: shape, derivation };
      disagreements.push({ what, ...said, node, witness: found.witness });
    }
  };
  const all: Selection = new Map([
    [problem.x, true],
    [problem.y, true],
  ]);
  const level = (found: LevelCurvature, index: number | undefined): void => {
    const model = index === undefined ? problem.upper : problem.lowers[index];
    const block = index === undefined ? problem.x : problem.y;
    const mask = new Uint8Array(block.size);
    for (const v of model.variables) mask.fill(1, v.offset, v.offset + v.size);
    const own: Selection = new Map([[block, mask]]);
    const name = `the objective of ${found.name}`;
    check(`${name} in its own variables`, found.objective.own, model.objective, own, found.strong);
    check(`${name} in all variables`, found.objective.joint, model.objective, all);
    for (const c of found.constraints)
      check(`${c.constraint.name} in the variables of ${found.name}`, c.own, c.constraint.body, own);
  };
  level(upper, undefined);
  lowers.forEach(level);
  return { disagreements, samples };
}
