/**
 * THE TABLE of what a plain run tries, in order. A rule names methods where it applies; all rules that apply are taken from
 * the top to the bottom, each method once, those that do not fit the problem left out. `blo explain FILE` prints what that
 * gives for a problem, the documentation this table.
 *
 * Parts of a run:
 *   proof    an answer is a proved global solution: nothing else is tried. One that does not end gets most of the time (proofTime.ts)
 *   answer   tried in turn until the certificate confirms one
 *   search   also after a confirmed answer that is not proved to be global, for a better one; left out by `quick`
 */
export type Part = "proof" | "answer" | "search";

/** Of the lower Hessian: "proved" for all x and y of the bounds, by rules; the others at the start, by Lanczos' method. */
export type Curvature = "proved" | "positive" | "singular" | "negative" | "unknown";

export interface Features {
  /** Lower inequalities or bounds. */
  readonly inequalities: boolean;
  /** Followers that depend on each other. */
  readonly game: boolean;
  /** f = -g, declared or recognised. */
  readonly minimax: boolean;
  readonly curvature: Curvature;
  /** The lower objective is proved to be convex in y, for all x and y of the bounds. */
  readonly convex: boolean;
  /** The limits end a run before a hundred passes over the terms of sampled sums. */
  readonly dear: boolean;
  /** Variables of both levels. */
  readonly variables: number;
  /** Bounds, domains or constraints at any level. */
  readonly bounded: boolean;
  readonly sampled: boolean;
  /** Constraints, beside domains, at the level. */
  readonly upperConstraints: boolean;
  readonly lowerConstraints: boolean;
}

export interface Rule {
  /** For people. */
  readonly when: string;
  readonly part: Part;
  readonly applies: (features: Features) => boolean;
  /** Needed only under constraints, and where no method of the part `answer` is found above. */
  readonly last?: boolean;
  readonly methods: readonly { readonly method: string; readonly why: string }[];
}

/** Up to this many variables of both levels a search of the whole domain costs about a second. */
const TINY = 5;

/** Up to this many, one quadratic program with a dense matrix costs less than a second. */
const DENSE = 100;

/** Up to this many, portfolios on first-order conditions take seconds. */
const MANY = 20;

const general = "It needs no inverse of the lower Hessian and keeps the optimistic choice among lower solutions.";
const kinked = "The lower Hessian is singular at the start: the lower level may have many solutions.";

const portfolio =
  "The levels have constraints: first-order conditions are solved from several starts, and answers filtered by lower solves.";

/**
 * Of such games every lower solution is as good for the upper level, and only some are the lower player's part of a saddle point.
 * Constraints of the upper level may have lower variables, which no game has.
 */
const unsettled = (f: Features): boolean =>
  f.minimax && f.curvature === "singular" && !f.upperConstraints && !f.lowerConstraints;

export const rules: readonly Rule[] = [
  {
    when: "both levels linear or convex quadratic with affine constraints (prices that followers pay are allowed above), and the lower level has inequalities or is a game; no minimax on domains alone with a singular lower Hessian, whose saddle point says more",
    part: "proof",
    applies: (f) => (f.inequalities || f.game) && !unsettled(f),
    methods: [
      {
        method: "branch-and-bound",
        why: "Both levels are linear or convex quadratic with affine constraints, the upper one after terms that vanish at lower solutions: the global solution is looked for, with proof.",
      },
    ],
  },
  {
    when: `both levels linear or convex quadratic with affine constraints, strong convexity not proved, at most ${DENSE} variables in all`,
    part: "proof",
    applies: (f) => f.variables <= DENSE && f.curvature !== "proved" && !unsettled(f),
    methods: [
      {
        method: "branch-and-bound",
        why: "Both levels are linear or convex quadratic, and no lower inequality is to be decided: one quadratic program finds the global solution among all lower solutions.",
      },
    ],
  },
  {
    when: `constraints at any level, at most ${TINY} variables in all`,
    part: "answer",
    applies: (f) => f.variables <= TINY && (f.upperConstraints || f.lowerConstraints) && f.curvature !== "unknown",
    methods: [
      {
        method: "kkt-sensitivity",
        why: "The lower solution is differentiated on its active set: if that answer is proved to be global, nothing needs to be searched.",
      },
    ],
  },
  {
    when: `upper constraints, at most ${MANY} variables in all or negative curvature at the start`,
    part: "answer",
    applies: (f) => f.upperConstraints && (f.variables <= MANY || f.curvature === "negative"),
    methods: [{ method: "kkt-auto", why: portfolio }],
  },
  {
    when: "minimax, lower Hessian singular",
    part: "answer",
    applies: (f) => f.minimax && f.curvature === "singular",
    methods: [{ method: "extragradient", why: "The game has no curvature in the lower variables." }],
  },
  {
    when: "the budget is not enough for a hundred passes over the terms of sampled sums",
    part: "answer",
    applies: (f) => f.dear && (f.curvature === "proved" || f.curvature === "positive"),
    methods: [
      {
        method: "saba",
        why: "The budget is not enough for a hundred passes over the terms: it reads minibatches, without noise at the end.",
      },
    ],
  },
  {
    when: "lower level proved strongly convex",
    part: "answer",
    applies: (f) => f.curvature === "proved",
    methods: [
      {
        method: "aid-auto",
        why: "The lower level is strongly convex, which is proved: it has one solution for each x, and that has a derivative.",
      },
      { method: "f2ba", why: "It needs no inverse of the lower Hessian, which may be badly conditioned." },
    ],
  },
  {
    when: "lower Hessian positive definite at the start, strong convexity not proved",
    part: "answer",
    applies: (f) => f.curvature === "positive",
    methods: [
      { method: "aid-auto", why: "The lower Hessian is positive definite at the start." },
      { method: "f2ba", why: general },
    ],
  },
  {
    when: "lower inequalities or bounds, lower Hessian positive definite (proved, or at the start)",
    part: "answer",
    applies: (f) => f.inequalities && (f.curvature === "proved" || f.curvature === "positive"),
    methods: [
      {
        method: "kkt-sensitivity",
        why: "The upper level may be best where a lower bound starts to hold: such kinks are followed on active sets.",
      },
    ],
  },
  {
    when: "lower Hessian singular at the start",
    part: "answer",
    applies: (f) => f.curvature === "singular",
    methods: [
      { method: "null-aid", why: kinked },
      { method: "f2ba", why: kinked },
      {
        method: "aid-auto",
        why: "Where the upper level does not care which lower solution it gets, this is the fastest.",
      },
    ],
  },
  {
    when: "lower Hessian with negative eigenvalues at the start",
    part: "answer",
    applies: (f) => f.curvature === "negative",
    methods: [
      {
        method: "f2ba",
        why: "The lower Hessian has negative eigenvalues at the start: a penalty method needs no inverse.",
      },
      { method: "aid-auto", why: "The lower Hessian may be positive definite at the lower solution." },
    ],
  },
  {
    when: "curvature unknown at the start (values that are not finite)",
    part: "answer",
    applies: (f) => f.curvature === "unknown",
    methods: [
      { method: "aid-auto", why: "The curvature of the lower level could not be computed at the start." },
      { method: "f2ba", why: general },
    ],
  },
  {
    when: `lower constraints, more than ${MANY} variables in all, no negative curvature at the start`,
    part: "answer",
    applies: (f) => f.lowerConstraints && f.variables > MANY && f.curvature !== "negative",
    methods: [
      {
        method: "kkt-sensitivity",
        why: "The lower level is large and has constraints: its solution is differentiated on its active set, one linear system for a hypergradient.",
      },
      { method: "kkt-auto", why: portfolio },
    ],
  },
  {
    when: "upper constraints",
    part: "answer",
    applies: (f) => f.upperConstraints,
    methods: [{ method: "kkt-auto", why: portfolio }],
  },
  {
    when: "constraints at any level, or none of the above keeps the problem's domains",
    part: "answer",
    applies: () => true,
    last: true,
    methods: [
      { method: "kkt-auto", why: portfolio },
      {
        method: "kkt-sensitivity",
        why: "The lower level has constraints: its solution is differentiated on its active set.",
      },
      {
        method: "blocc",
        why: "The lower level has constraints: its value and multipliers are followed by a penalty method.",
      },
      { method: "bic-gaffa", why: "The lower level has constraints: its gap function needs no exact lower solution." },
      {
        method: "lv-hba",
        why: "The lower level has constraints: its proximal Lagrangian needs no exact lower solution.",
      },
      { method: "bvfim", why: "It keeps constraints of both levels by barriers." },
    ],
  },
  {
    when: `at most ${TINY} variables in all, bounded or with a lower level that is not convex, and no proof that the answer is global; no minimax with a lower level that is proved to be convex`,
    part: "search",
    applies: (f) =>
      f.variables <= TINY &&
      !(f.minimax && (f.convex || f.curvature === "proved")) &&
      !f.sampled &&
      (f.bounded || f.curvature === "negative"),
    methods: [
      {
        method: "kkt-auto",
        why: "The problem is so small that many starts are affordable: a better answer than the local one is looked for.",
      },
    ],
  },
];
