/** What methods on first-order conditions of the lower level ask of a problem. */
import type { Requirements } from "../method.js";

export const singleLevelRequirements: Requirements = {
  order: 2,
  class: "lower level convex in y, with constraints and domains of any kind",
  upperDomain: true,
  lowerDomain: true,
  upperConstraints: true,
  lowerConstraints: true,
  minimaxOnly: false,
};

/**
 * For methods that stand on the first-order conditions of each follower in its own variables: followers that depend on each
 * other are then a Nash game, and prices `dual(NAME)` players of it.
 */
export const equilibriumRequirements: Requirements = { ...singleLevelRequirements, dependentFollowers: true };
