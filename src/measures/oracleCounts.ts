/** What the method has asked so far, counter by counter: gradient calls, products and values of both levels. */
import type { emptyCounts } from "../oracle/oracle.js";
import type { Measure } from "./measure.js";

type Counter = Exclude<keyof ReturnType<typeof emptyCounts>, symbol>;

const words: Readonly<Record<Counter, string>> = {
  upperValue: "values of f",
  upperGradient: "gradients of f",
  upperProduct: "second-order products of f",
  lowerValue: "values of g",
  lowerGradient: "gradients of g",
  lowerHvp: "products with H",
  lowerJvp: "products with J or its transpose",
  constraintValue: "values of constraints",
  constraintJacobian: "Jacobians of constraints",
};
const names = Object.keys(words) as Counter[];

export const oracleCounts: Measure = {
  id: "counts",
  title: "Oracle calls of the method, one by one",
  formulas: ["calls = gradients + 2 products"],
  reference: "",
  columns: names.map((name) => ({ name, doc: words[name] })),
  constrained: true,
  make:
    ({ counts }) =>
    (_x, _y, out) => {
      for (const name of names) out[name] = counts[name];
    },
};
