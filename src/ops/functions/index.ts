/** All functions and constants of the language by name. */
import { elementwiseFunctions } from "./elementwise.js";
import type { LanguageFunction } from "./function.js";
import { matrixFunctions } from "./matrices.js";
import { probabilityFunctions } from "./probability.js";
import { reductionFunctions } from "./reductions.js";
import { shapeFunctions } from "./shapes.js";
import { vectorFunctions } from "./vectors.js";

export const functions: ReadonlyMap<string, LanguageFunction> = new Map(
  [
    elementwiseFunctions,
    reductionFunctions,
    vectorFunctions,
    probabilityFunctions,
    matrixFunctions,
    shapeFunctions,
  ].flatMap((family) => family.map((f) => [f.name, f])),
);

export const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
  ["inf", Number.POSITIVE_INFINITY],
]);

export type { FunctionFamily, LanguageFunction } from "./function.js";
