/** What there is, as rows for the reference: functions and constants of the language, operators of the graph. */
import { constants, functions } from "./functions/index.js";
import { operators } from "./registry.js";

export interface Description {
  readonly name: string;
  readonly family: string;
  readonly signature: string;
  readonly doc: string;
}

/** Functions of the language, by family. */
export function describeFunctions(): readonly Description[] {
  return [...functions.values()].map(({ name, family, signature, doc }) => ({ name, family, signature, doc }));
}

/** Operators of the expression graph, by family. */
export function describeOperators(): readonly Description[] {
  return [...operators.values()].map(({ name, family, arity, doc }) => {
    const args = arity === undefined ? "a, …" : ["a", "b", "c"].slice(0, arity).join(", ");
    return { name, family, signature: arity === 0 ? name : `${name}(${args})`, doc };
  });
}

export function describeConstants(): readonly { readonly name: string; readonly value: number }[] {
  return [...constants].map(([name, value]) => ({ name, value }));
}
