/** The stages of the portfolio in their order: one table. */
import { samplingBox } from "./box.js";
import { valueCuts } from "./cuts.js";
import { flips } from "./flips.js";
import { fischerPath, paths, usualPath, widePath } from "./paths.js";
import { polish } from "./polish.js";
import type { Search } from "./search.js";
import { searchOnX } from "./searchOnX.js";

export interface Stage {
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly when: (search: Search) => boolean;
  /** Pauses between pieces that take about as long as a solve. */
  readonly run: (search: Search) => Generator<void>;
}

/** Direct search is a first resort up to this many upper variables, and a last one up to LAST. */
const FEW = 3;
const LAST = 12;

/** Of the first starts: so many that end at the same best value leave little to find where the lower level is convex. */
const MANY = 5;
const ALL = 7;

/** Starts agree on the best answer of a lower level that looks convex, or whose first-order points were all lower solutions. */
const agree = (search: Search, starts: number): boolean =>
  (search.lower.convex || search.rejected === 0) && search.agreed >= starts;

const always = (): boolean => true;
const usual = [{ path: usualPath, kind: "scholtes" }] as const;
const diverse = [
  { path: widePath, kind: "scholtes" },
  { path: fischerPath, kind: "fischer" },
] as const;

export const stages: readonly Stage[] = [
  { name: "box", what: "bounds for starts, curvature of the lower level", when: always, run: prepare },
  { name: "given start", what: "path from the given start", when: always, run: (s) => paths(s, 0, 1, usual) },
  { name: "paths", what: "paths from further starts", when: always, run: (s) => paths(s, 1, 8, usual) },
  {
    name: "search",
    what: "direct search on x, unless all starts agree",
    when: (s) => s.oracle.n <= FEW && !agree(s, ALL),
    run: searchOnX,
  },
  { name: "cuts", what: "cuts from the lower value", when: (s) => !s.lower.convex && !agree(s, ALL), run: valueCuts },
  { name: "flips", what: "other decisions of one pair", when: (s) => s.model.pairs.size > 0, run: flips },
  {
    name: "multistart",
    what: "other relaxations and more starts, unless most agree",
    when: (s) => !agree(s, MANY),
    run: (s) => paths(s, 8, 16, diverse),
  },
  {
    name: "late search",
    what: "direct search on x, many variables, unless all starts agree",
    when: (s) => s.oracle.n > FEW && s.oracle.n <= LAST && !agree(s, ALL),
    run: searchOnX,
  },
  {
    name: "polish",
    what: "steps along the axes from a best point without multipliers",
    when: (s) => s.oracle.n <= LAST && s.best !== undefined && !s.best.firstOrder,
    run: polish,
  },
];

function* prepare(search: Search): Generator<void> {
  search.box = yield* samplingBox(search.oracle, search.backend, search.solver);
  search.lower.prepare(search.box);
}
