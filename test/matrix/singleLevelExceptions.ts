/** Exceptions of the methods that solve a single-level program in place of the bilevel one. See exceptions.ts. */
import type { Exception } from "./exceptions.js";

const biased =
  "no finite λ makes g - V an exact penalty (partial calmness): its solutions are biased by the order of 1/λ";
const notConvex = "f or g is not convex in x and y together, which the theory assumes: steps run away, or crawl";
const crawls = "steps are of the order of the square root of ε: stages with small ε take more calls than this";
const allowance =
  "y is a lower solution to the allowance ε = 1e-9 only, which leaves an error of the order of its square root";
const kernel =
  "goes by the hypergradient, which misses the kernel of the lower Hessian, where the upper level prefers other points; refuses";
const plateau = "local method: ends on a plateau, where every x nearby has the same upper objective";
const price = "price times quantity has no bound while the lower level is relaxed: steps run off with both";
const conditioned =
  "the lower level is badly conditioned: programs are solved to fewer digits than the answer, or its slopes, need";
const alone =
  "there are lower solutions at x = 0 only: it is found, but the hyper-objective has no slope there to certify";
const maximum =
  "solves first-order conditions, which hold at x = 0 as well: a maximum of the hyper-objective on this domain";
const inside = "an interior solution stops short of the bound of x by 1e-9, where the slope is still seen";

export const singleLevelExceptions: readonly Exception[] = [
  {
    methods: ["auglag"],
    problems: ["E53", "EX54", "adversarial/small", "adversarial/cars", "igfm/kernel"],
    outcome: "stalled",
    reason: kernel,
  },
  {
    methods: ["kkt-mpcc", "kkt-fb", "strong-duality"],
    problems: ["stackelberg/market"],
    outcome: "a local solution",
    reason: plateau,
  },
  { methods: ["auglag"], problems: ["stackelberg/market"], outcome: "diverged", reason: price },
  {
    methods: ["kkt-mpcc", "kkt-fb"],
    problems: ["stackelberg/prices"],
    outcome: "a local solution",
    reason: "local method: ends where every change of prices loses customers",
  },
  { methods: ["auglag", "vf-idca"], problems: ["stackelberg/prices"], outcome: "call-limit", reason: price },
  {
    methods: ["snllvf"],
    problems: ["stackelberg/prices"],
    outcome: "stalled",
    reason: "linear lower level: its system of first-order conditions is singular",
  },
  { methods: ["vf-idca", "snllvf"], problems: ["stackelberg/toll"], outcome: "a local solution", reason: plateau },
  {
    methods: ["kkt-mpcc", "kkt-fb"],
    problems: ["PBGD"],
    outcome: "a local solution",
    reason: "local method: follows one path, to the other local minimum, x = 0.382",
  },
  { methods: ["kkt-auto"], problems: ["PROP41"], outcome: "uncertified at the answer", reason: inside },
  {
    methods: ["kkt-mpcc", "kkt-fb", "strong-duality"],
    problems: ["M2"],
    outcome: "uncertified",
    reason: alone,
  },
  { methods: ["kkt-auto"], problems: ["M2"], outcome: "call-limit", reason: alone },
  {
    methods: ["auglag", "vf-idca"],
    problems: ["M2"],
    outcome: "stalled",
    reason: "the lower level, min over y of -xy, is unbounded below wherever x is not 0",
  },
  {
    methods: ["kkt-auto", "kkt-mpcc", "kkt-fb"],
    problems: ["adversarial/cars"],
    outcome: "converged roughly",
    reason: conditioned,
  },
  { methods: ["kkt-auto"], problems: ["stochastic/cleaning"], outcome: "call-limit", reason: conditioned },
  {
    methods: ["kkt-mpcc", "kkt-fb"],
    problems: ["stochastic/cleaning"],
    outcome: "call-limit at the answer",
    reason: conditioned,
  },

  {
    methods: ["vf-idca"],
    problems: [
      ...["C3", "M1", "followers/subsidy", "stackelberg/duopoly", "hyperparameter/ridge", "hyperparameter/logistic"],
      ...["minimax/reduction", "minimax/robust-fit", "minimax/saddle", "stochastic/cleaning"],
      "stochastic/validated-ridge",
    ],
    outcome: "call-limit",
    reason: notConvex,
  },
  {
    methods: ["vf-idca"],
    problems: ["EX54", "adversarial/small", "adversarial/cars"],
    outcome: "call-limit",
    reason: crawls,
  },
  { methods: ["vf-idca"], problems: ["inverse/utility"], outcome: "call-limit at the answer", reason: crawls },
  {
    methods: ["vf-idca"],
    problems: ["PBGD", "seed/quadratic"],
    outcome: "uncertified",
    reason: allowance,
  },
  {
    methods: ["vf-idca"],
    problems: ["P1", "P1C", "S1", "EX51", "PROP41", "igfm/indifferent"],
    outcome: "uncertified at the answer",
    reason: allowance,
  },

  {
    methods: ["snllvf"],
    problems: [
      ...["C3", "P1", "P1C", "PBGD", "S1", "SIN", "seed/quadratic"],
      ...["followers/subsidy", "stackelberg/duopoly", "hyperparameter/ridge", "hyperparameter/logistic"],
      "adversarial/cars",
    ],
    outcome: "stalled",
    reason: biased,
  },
  { methods: ["snllvf"], problems: ["EX54", "adversarial/small"], outcome: "uncertified", reason: biased },
  { methods: ["snllvf"], problems: ["EX51", "PROP41", "igfm/indifferent"], outcome: "uncertified", reason: maximum },
  {
    methods: ["snllvf"],
    problems: ["stochastic/cleaning", "stochastic/validated-ridge"],
    outcome: "call-limit",
    reason:
      "every step factors a dense matrix of all unknowns; the λ are tried in turn, and the budget ends before the last",
  },
];
