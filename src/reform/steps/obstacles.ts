/** What reformulations ask of the lower levels, and what is said where it is missing. Names are those of the source. */
import { curvatureOf, isAffine, isConvex, type LevelCurvature } from "../../curvature/index.js";
import type { LevelModel, Problem } from "../../model/problem.js";
import type { Obstacle } from "../step.js";

/** Each follower with what is known of its curvature. Prices are linear in themselves whatever they belong to. */
function followers(problem: Problem): readonly (readonly [LevelModel, LevelCurvature])[] {
  const { lowers } = curvatureOf(problem);
  return problem.lowers.map((level, i) => [level, lowers[i]] as const);
}

const asSaid = ({ sense }: LevelModel): string => (sense === "maximize" ? "concave" : "convex");

/** First-order conditions need gradients everywhere. */
export function smoothLower(problem: Problem): readonly Obstacle[] {
  return followers(problem).flatMap(([level, { rough }]) =>
    rough
      .filter(({ kind }) => kind !== "steep")
      .map(({ kind, op }) => ({
        message: `\`${op}\` in the level \`${level.name}\` has a ${kind}, where it has no gradient`,
      })),
  );
}

/** First-order conditions are enough for a follower that is convex in its own variables. */
export function convexLower(problem: Problem): readonly Obstacle[] {
  return followers(problem).flatMap(([level, { objective, constraints }]) => {
    const found: Obstacle[] = [];
    const { shape } = objective.own;
    if (!isConvex(objective.own)) {
      const known = shape === "nonconvex" || shape === "concave" ? "is not" : "is not proved";
      found.push({ message: `the objective of \`${level.name}\` ${known} ${asSaid(level)} in its variables` });
    }
    for (const { constraint, set, own } of constraints) {
      if (set !== "unknown") continue;
      const known = own.shape === "nonconvex" || own.shape === "concave" ? "does not bound" : "is not proved to bound";
      found.push({
        message: `the constraint \`${constraint.name}\` ${known} a convex set of the variables of \`${level.name}\``,
      });
    }
    return found;
  });
}

/** Followers that are linear or quadratic in their own variables, over polyhedra. */
export function quadraticLower(problem: Problem): readonly Obstacle[] {
  return followers(problem).flatMap(([level, { objective, constraints }]) => {
    const found: Obstacle[] = [];
    const degree = objective.degree.own;
    if (degree > 2) {
      const what = Number.isFinite(degree) ? `has degree ${degree}` : "is no polynomial";
      found.push({
        message: `the objective of \`${level.name}\` ${what} in its variables: it is neither linear nor quadratic`,
      });
    }
    for (const { constraint, own } of constraints) {
      if (!isAffine(own))
        found.push({
          message: `the constraint \`${constraint.name}\` is not affine in the variables of \`${level.name}\``,
        });
    }
    for (const { name, domain } of level.variables) {
      if (domain.kind === "ball")
        found.push({ message: `the domain of \`${name}\` is a ball, which is no polyhedron` });
    }
    return found;
  });
}

/** One value function of all lower levels exists where no follower reads another's variables. */
export function commonValue(problem: Problem): readonly Obstacle[] {
  if (problem.independentFollowers) return [];
  const price = problem.lowers.find((level) => level.priceOf !== undefined)?.priceOf;
  return [
    {
      message:
        price === undefined
          ? "the followers depend on each other: their game has no value that all of them minimise"
          : `the upper level uses \`dual(${price.constraint.name})\`, which no value function knows`,
    },
  ];
}
