/**
 * The settings of the complexity experiment: methods, noise, schedules of steps and penalties, with the exponents of the theory, on
 * P1, on S1, and on a hyper-objective whose gradient fades slowly,
 *
 *   f = (1 + x²)^(-p/2) + y - x,   g = ½ (2 + sin x) (y - x)²;   phi(x) = (1 + x²)^(-p/2),  p = 1/8
 */
import { short } from "./numbers.js";
import type { Setting as RunSetting } from "./problem.js";

export const p = 1 / 8;
export const slowText = `
upper { var x init 1; minimize (1 + x^2)^(-${p / 2}) + (y - x) }
lower { var y init 1; minimize 0.5(2 + sin(x)) * (y - x)^2 }
`;
export const slowError = (x: Float64Array): number => p * x[0] * (1 + x[0] ** 2) ** (-p / 2 - 1);
export const error = (x: Float64Array): number => Math.abs(4 * x[0] - 28);

type Noise = "none" | "upper" | "both" | "finite sum";
export const sigma = 0.3;
export const noises: Readonly<Record<Noise, RunSetting["noise"]>> = {
  none: undefined,
  upper: { upper: sigma },
  both: { upper: sigma, lower: sigma },
  "finite sum": undefined,
};

/** A row of the table: what the theory says of nonconvex phi, what is to be expected on this problem, the range around it that holds. */
export interface Case {
  readonly method: string;
  readonly noise: Noise;
  readonly on: "P1" | "S1" | "slow";
  readonly setting: string;
  readonly theory: string;
  readonly expected: string;
  readonly from: number;
  readonly to: number;
}

/** One run goes on improving; iterations in full and in quick mode. */
export interface Anytime extends Case {
  readonly options: RunSetting["options"];
  readonly iterations: readonly [number, number];
  /** Where fewer do not average enough. */
  readonly seeds?: readonly [number, number];
  /** Iterations before those that are fitted; default 1000. */
  readonly fitFrom?: number;
}

/** The exponent of the bias 52/(λ - 1) alone, λ = 10 (1 + k/10)^power, over the iterations of a full fit. */
function ofBias(power: number): string {
  const bias = (k: number): number => 52 / (10 * (1 + k / 10) ** power - 1);
  return `${short(Math.log(150) / Math.log(bias(1000) / bias(150_000)), 2)} (bias alone)`;
}

const growing = { lambda: 10, K: 1, t0: 10, rho: 0.05, gamma: 0.02 };
const decaying = { rho: 0.05, gamma: 0.02, t0: 50, power: 0.5 };

export const anytime: readonly Anytime[] = [
  {
    method: "f2sa",
    noise: "both",
    on: "P1",
    setting: "γ ~ k^-5/7, ρ ~ k^-4/7, λ ~ k^1/7",
    theory: "7",
    expected: ofBias(1 / 7),
    from: 6,
    to: 8,
    options: { ...growing, power: 4 / 7, upperPower: 5 / 7, lambdaPower: 1 / 7 },
    iterations: [150_000, 20_000],
  },
  {
    method: "f2sa",
    noise: "upper",
    on: "P1",
    setting: "γ ~ k^-3/5, ρ ~ k^-2/5, λ ~ k^1/5",
    theory: "5",
    expected: ofBias(1 / 5),
    from: 4,
    to: 5.8,
    options: { ...growing, power: 2 / 5, upperPower: 3 / 5, lambdaPower: 1 / 5 },
    iterations: [150_000, 20_000],
  },
  {
    method: "f2sa",
    noise: "none",
    on: "P1",
    setting: "γ ~ k^-1/3, ρ constant, λ ~ k^1/3",
    theory: "3",
    expected: ofBias(1 / 3),
    from: 2.7,
    to: 3.3,
    options: { ...growing, power: 0, upperPower: 1 / 3, lambdaPower: 1 / 3 },
    iterations: [150_000, 20_000],
  },
  {
    method: "f3sa",
    noise: "both",
    on: "P1",
    setting: "γ ~ k^-3/5, ρ ~ k^-2/5, λ ~ k^1/5, η ~ k^-4/5",
    theory: "5",
    expected: ofBias(1 / 5),
    from: 4,
    to: 5.8,
    options: { ...growing, power: 2 / 5, upperPower: 3 / 5, lambdaPower: 1 / 5 },
    iterations: [80_000, 20_000],
    seeds: [8, 4],
  },
  {
    method: "soba",
    noise: "both",
    on: "P1",
    setting: "ρ, γ ~ k^-1/2",
    theory: "4",
    expected: "4",
    from: 3,
    to: 5.2,
    options: decaying,
    iterations: [60_000, 15_000],
    seeds: [16, 10],
    fitFrom: 300,
  },
  {
    method: "soba",
    noise: "upper",
    on: "P1",
    setting: "ρ, γ ~ k^-1/2",
    theory: "4",
    expected: "4",
    from: 3,
    to: 5.2,
    options: decaying,
    iterations: [60_000, 15_000],
    seeds: [16, 10],
    fitFrom: 300,
  },
  {
    method: "stocbio",
    noise: "both",
    on: "P1",
    setting: "ρ, γ ~ k^-1/2, K = 2, M = 5",
    theory: "4",
    expected: "4",
    from: 3,
    to: 5.2,
    options: { ...decaying, K: 2, M: 5, adjointStep: 0.1 },
    iterations: [40_000, 8_000],
    seeds: [10, 8],
    fitFrom: 300,
  },
  {
    method: "saba",
    noise: "finite sum",
    on: "S1",
    setting: "16 terms, ρ, γ constant",
    theory: "2",
    expected: "0 (linear)",
    from: 0,
    to: 0.3,
    options: { rho: 0.05, gamma: 0.02 },
    fitFrom: 0,
    iterations: [3000, 3000],
  },
  {
    method: "f2sa",
    noise: "none",
    on: "slow",
    setting: "γ ~ k^-1/3, ρ constant, λ ~ k^1/3",
    theory: "3",
    expected: "3",
    from: 2.5,
    to: 3.2,
    options: { lambda: 3, K: 2, t0: 10, rho: 1 / 3, gamma: 1, power: 0, upperPower: 1 / 3, lambdaPower: 1 / 3 },
    iterations: [400_000, 60_000],
  },
];

/** Set up for one epsilon each: constants as functions of it. */
export interface Targeted extends Case {
  readonly options: (epsilon: number) => NonNullable<RunSetting["options"]>;
  readonly iterations: (epsilon: number) => number;
  /** Largest, and smallest in full and in quick mode. */
  readonly epsilons: readonly [number, number, number];
  readonly window: number;
}

const inner = (T: (epsilon: number) => number, shared: boolean) => (epsilon: number) => ({
  lambda: 1 + 104 / epsilon,
  K: Math.ceil(T(epsilon)),
  samples: Math.ceil(4 / epsilon ** 2),
  rho: 0.1,
  gamma: 0.05,
  shared,
});

export const targeted: readonly Targeted[] = [
  {
    method: "f2ba",
    noise: "none",
    on: "P1",
    setting: "λ = 1 + 104/ε, K = 10",
    theory: "2",
    expected: "0 (linear)",
    from: -0.1,
    to: 0.3,
    options: (epsilon) => ({ lambda: 1 + 104 / epsilon, K: 10, alpha: 1 / 8, tau: 1 / (16 + 832 / epsilon), eta: 0.1 }),
    iterations: () => 200,
    epsilons: [1, 1e-4, 1e-4],
    window: 1,
  },
  {
    method: "f2ba",
    noise: "none",
    on: "slow",
    setting: "λ = 1/ε, K = 5",
    theory: "2",
    expected: short((p + 2) / (p + 1), 3),
    from: 1.8,
    to: 2.1,
    options: (epsilon) => ({ lambda: 1 / epsilon, K: 5, alpha: 1 / 3, tau: epsilon / 3, eta: 1 }),
    iterations: (epsilon) => Math.ceil(3 * epsilon ** -1.9),
    epsilons: [0.02, 0.002, 0.004],
    window: 1,
  },
  {
    method: "f2sa-inner",
    noise: "both",
    on: "P1",
    setting: "λ ~ 1/ε, samples ~ ε^-2, K ~ ε^-4",
    theory: "6",
    expected: "4",
    from: 3.5,
    to: 4.5,
    options: inner((epsilon) => 3000 / epsilon ** 4, false),
    iterations: () => 60,
    epsilons: [4, 1, 2],
    window: 5,
  },
  {
    method: "f2sa-inner",
    noise: "both",
    on: "P1",
    setting: "the same samples for z and y, K ~ ε^-2",
    theory: "4",
    expected: "2",
    from: 1.5,
    to: 2.5,
    options: inner((epsilon) => 200 / epsilon ** 2, true),
    iterations: () => 60,
    epsilons: [4, 0.5, 1],
    window: 5,
  },
];
