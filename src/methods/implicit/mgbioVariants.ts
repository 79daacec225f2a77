/**
 * The option `variant` of mgbio: its stochastic variants run in the loop of stochastic methods (stochastic/spectral.ts), with
 * alpha and eta as the first steps of y and x.
 */
import { fail } from "../../base/diagnostic.js";
import { choice } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { Method, MethodContext, Parameter } from "../method.js";
import { samplerParameter } from "../pieces/sampling/reading.js";
import { averageParameter, batchParameter, passesParameter } from "../stochastic/parameters.js";
import { spectralKinds, spectralLoop } from "../stochastic/spectral.js";

const variants = {
  momentum: spectralLoop(spectralKinds.momentum),
  storm: spectralLoop(spectralKinds.storm),
};

const variant: Parameter = {
  name: "variant",
  type: "choice",
  choices: ["exact", "momentum", "storm"],
  default: "exact",
  doc: "exact: all terms. Minibatches with momentum for every first and second derivative: averages (MSGBiO), or STORM (VR-MSGBiO); alpha and eta are then the first steps of y and x, and lower variables have no bounds.",
};

const ofVariants: readonly Parameter[] = [
  { name: "t0", type: "number", default: 200, min: 1e-9, doc: "Steps of variants are divided by (1 + t/t0)^power." },
  {
    name: "power",
    type: "number",
    default: undefined,
    auto: "1/2 with averages, 1/3 with STORM",
    min: 0,
    max: 1,
    doc: "Exponent of the decay; 0 keeps steps constant.",
  },
  {
    name: "momentum",
    type: "number",
    default: undefined,
    auto: "(1 + t/20)^(-1/2) with averages, (1 + t/20)^(-2/3) with STORM",
    min: 0,
    max: 1,
    doc: "Weight of the new sample in variants, the same at every step.",
  },
  batchParameter,
  averageParameter,
  passesParameter,
  samplerParameter,
];

function ofVariant(context: MethodContext, kind: keyof typeof variants): MethodContext {
  const { alpha, eta, power } = context.parameters;
  const bounded = context.oracle.problem.lowers.flatMap((l) => l.variables).find((v) => v.domain.kind !== "free");
  if (bounded !== undefined) {
    const method = `mgbio --variant ${kind}`;
    const domain = `a ${bounded.domain.kind}`;
    fail("BLO0812", { method, level: "lower", variable: bounded.name, domain, alternatives: [] });
  }
  const steps = { rho: alpha, gamma: eta, power: power ?? spectralKinds[kind].steps };
  return { ...context, parameters: { ...context.parameters, ...steps } };
}

/** The method with its stochastic variants. */
export function withVariants(method: Method<Running>): Method<Running> {
  return {
    ...method,
    requirements: { ...method.requirements, stochastic: true },
    formulas: [
      ...method.formulas,
      "variant momentum, storm: ∇y g, ∇y f, ∇x f, H, J by d_t = (1 - β_t) d_{t-1} + β_t D(z_t; ξ_t), or by STORM;",
      "    y <- y - α_t d_y,  x <- P_X(x - η_t G),  α_t, η_t ~ (1 + t/t0)^(-power)",
    ],
    parameters: [...method.parameters, variant, ...ofVariants],
    init(context) {
      const kind = choice(context, "variant", "exact");
      if (kind !== "momentum" && kind !== "storm") return method.init(context);
      return variants[kind].init(ofVariant(context, kind));
    },
  };
}
