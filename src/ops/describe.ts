/** The functions of the language as rows for the reference. */
import { functions } from "./functions/index.js";

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
