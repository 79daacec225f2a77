/** The methods that come with Blo, in the order in which they are listed: one list per family. */
import { constrained } from "./constrained/index.js";
import { exact } from "./exact/index.js";
import { implicit } from "./implicit/index.js";
import type { Method } from "./method.js";
import { minimax } from "./minimax/index.js";
import { penalty } from "./penalty/index.js";
import { singleLevel } from "./singleLevel/index.js";
import { withoutLower } from "./singleLevel/withoutLower.js";
import { stochastic } from "./stochastic/index.js";
import { unrolled } from "./unrolled/index.js";
import { zerothOrder } from "./zerothOrder/index.js";

export interface Family {
  /** Folder of the methods. */
  readonly name: string;
  /** What they have in common, for lists. */
  readonly title: string;
  readonly methods: readonly Method[];
}

export const families: readonly Family[] = [
  { name: "implicit", title: "Implicit differentiation of the lower level's optimality conditions", methods: implicit },
  { name: "unrolled", title: "Differentiation through the steps of a lower solver", methods: unrolled },
  { name: "penalty", title: "First-order penalties in place of the lower level", methods: penalty },
  { name: "zerothOrder", title: "Values of the hyper-objective only", methods: zerothOrder },
  { name: "stochastic", title: "Minibatches of finite sums", methods: stochastic },
  { name: "constrained", title: "Constraints of the lower level", methods: constrained },
  { name: "singleLevel", title: "A single-level program in place of the bilevel one", methods: singleLevel },
  { name: "exact", title: "Global solution with proof", methods: exact },
  { name: "minimax", title: "Minimax problems", methods: minimax },
];

export const builtin: readonly Method[] = families.flatMap((family) => family.methods);

/** What a plain run takes by itself, on a problem that presolve made; nobody can ask for it, results may name it. */
export const takenByPlainRuns: Family = {
  name: "plainRun",
  title: "Taken by plain runs only (no --method asks for it)",
  methods: [withoutLower],
};
