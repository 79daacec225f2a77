/** What kind of problem each level is: shapes of objectives and constraints with their proofs, and the parts that break them. */
import { curvatureOf, type FunctionCurvature, type LevelCurvature, type Verdict } from "../../curvature/index.js";
import { isConvex } from "../../curvature/verdict.js";
import type { Problem } from "../../model/problem.js";
import { agreedSegments } from "../agreement.js";
import type { ExplainContext, Topic } from "../context.js";
import type { Block, Fact, Section } from "../document.js";
import { number } from "../notation/numbers.js";

/** Throws a DisagreementError (BLO1101) where samples contradict a proof: that is a mistake of Blo. */
export function classesSection(problem: Problem, params?: ExplainContext["params"]): Section {
  const samples = agreedSegments(problem, params);
  const { upper, lowers, minimaxLike } = curvatureOf(problem);
  const blocks: Block[] = [];
  const levels = [["upper", "x", upper] as const, ...lowers.map((l) => [l.name, "y", l] as const)];
  const rows = levels.flatMap(([name, own, level]) => levelFacts(name, own, level, name !== "upper"));
  if (minimaxLike)
    rows.push({ term: "levels", value: "minimax: the lower objective is minus the upper one", mood: "good" });
  blocks.push({ kind: "facts", rows });
  for (const [, , level] of levels) blocks.push(...proofs(level));
  blocks.push({
    kind: "text",
    text: `Shapes hold on the variables' bounds. What is proved was checked on ${samples.toLocaleString("en-US")} segments between sampled points.`,
  });
  return { id: "classes", title: "Classes and curvature", blocks };
}

export const classesTopic: Topic = ({ problem, params }) => classesSection(problem, params);

function values(v: Float64Array): string {
  const shown = Array.from(v.subarray(0, 6), number).join(", ");
  return `(${shown}${v.length > 6 ? ", ..." : ""})`;
}

function levelFacts(name: string, own: string, level: LevelCurvature, isLower: boolean): readonly Fact[] {
  const { objective, constraints, strong, separable, blocks, rough } = level;
  const rows: Fact[] = [{ term: name, value: level.word, ...moodOf(level) }];
  const strength = strong === undefined ? "" : strong.mu === undefined ? ", for each x" : `, mu = ${number(strong.mu)}`;
  const shape = strong ? `strongly convex (proved)${strength}` : words(objective.own);
  rows.push({
    term: `${name} objective in ${own}`,
    value: shape,
    ...(strong?.derivation.rule ? { why: strong.derivation.rule } : {}),
  });
  rows.push({ term: `${name} objective in x and y`, value: words(objective.joint) });
  const degree = degreeWords(objective);
  if (degree) rows.push({ term: `${name} objective`, value: degree });
  for (const c of constraints) {
    const value = c.set === "unknown" ? words(c.own) : c.set === "polyhedral" ? "affine (proved)" : "convex (proved)";
    rows.push({ term: `constraint ${c.constraint.name} in ${own}`, value });
  }
  if (separable.objective) {
    const groups = blocks.map((b) => b.map((v) => v.name).join(" with ")).join("; ");
    const ties = separable.withConstraints ? "" : "; constraints join them";
    rows.push({ term: `${name} objective`, value: `separable: ${groups}${ties}` });
  }
  if (isLower) {
    const { objective: inObjective, constraints: inConstraints } = level.dependsOn;
    const list = (vs: typeof inObjective): string => (vs.length === 0 ? "nothing" : vs.map((v) => v.name).join(", "));
    const inside = constraints.length > 0 ? `; constraints on ${list(inConstraints)}` : "";
    rows.push({ term: `${name} depends on`, value: `objective on ${list(inObjective)}${inside}` });
  }
  const kinds = new Map<string, number>();
  for (const r of rough) kinds.set(`${r.op} (${r.kind})`, (kinds.get(`${r.op} (${r.kind})`) ?? 0) + 1);
  if (kinds.size > 0) {
    const list = [...kinds].map(([what, n]) => (n > 1 ? `${n} of ${what}` : what)).join(", ");
    rows.push({ term: `${name} is not smooth at`, value: list });
  }
  return rows;
}

function moodOf({ word }: LevelCurvature): { readonly mood?: "good" | "bad" } {
  if (word === "smooth nonconvex" || word === "piecewise") return { mood: "bad" };
  return word === "undecided" ? {} : { mood: "good" };
}

function words({ shape, samples, witness }: Verdict): string {
  if (shape === "nonconvex") {
    const many = samples === 1 ? "the first sample" : `${samples ?? 0} samples`;
    return `not convex: a witness in ${many}${witness ? "" : " is missing"}`;
  }
  if (shape !== "unknown") return `${shape} (proved)`;
  return samples === undefined ? "not decided by rules" : `not decided by rules; not disproved on ${samples} samples`;
}

function degreeWords({ degree }: FunctionCurvature): string | undefined {
  if (degree.joint === 2) return "quadratic in x and y together";
  return degree.own === 2 ? "quadratic in its own variables, with coefficients that vary" : undefined;
}

/** The objective's derivation, and those of constraints that are neither affine nor proved convex. */
function proofs({ objective, constraints }: LevelCurvature): readonly Block[] {
  const open = constraints.filter((c) => c.set === "unknown" || !isConvex(c.own));
  const shown = [objective, ...open].map((f) => f.own);
  const found: Block[] = shown
    .filter((v) => v.shape !== "constant" && v.shape !== "affine")
    .map((v) => ({ kind: "derivation", derivation: v.derivation }));
  for (const { witness } of shown) {
    if (!witness) continue;
    const { first, middle, last, excess } = witness;
    const at = (p: typeof first): string => `x = ${values(p.x)}, y = ${values(p.y)}`;
    found.push({
      kind: "text",
      text: `Not convex: at ${at(middle)}, in the middle between ${at(first)} and ${at(last)}, the value exceeds the mean of the ends by ${number(excess)}.`,
    });
  }
  return found;
}
