/** A method's parameters by its own analysis, as a run takes them: `--theory`, and the table of `blo explain --method`. */
import { BloError, diagnostic } from "../base/diagnostic.js";
import { findConstants } from "../constants/find.js";
import type { Method, ParameterValue } from "../methods/method.js";
import { methods } from "../methods/registry.js";
import { theoryFacts } from "../methods/theory.js";
import { createRandom } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";

/** Fails with BLO0830 where the method has no such rules, or the problem is not of the class its analysis is about. */
export function theoryParameters(
  oracle: Oracle,
  method: Method,
  seed: number,
  tolerance: number,
): Readonly<Record<string, ParameterValue>> {
  const refuse = (why: string): never => {
    const alternatives = methods().flatMap((m) => (m.theory && m.id !== method.id ? [m.id] : []));
    throw new BloError([diagnostic("BLO0830", { method: method.id, why, alternatives })]);
  };
  if (!method.theory) return refuse("its analysis gives no formulas for them here");
  const found = findConstants(oracle, createRandom(seed).split("constants"));
  const facts = theoryFacts(found, found.path.distance, tolerance);
  if (typeof facts === "string") return refuse(facts.charAt(0).toLowerCase() + facts.slice(1).replace(/\.$/, ""));
  return Object.fromEntries(method.theory(facts).map(({ name, value }) => [name, value]));
}
