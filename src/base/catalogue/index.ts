/**
 * The diagnostics catalogue. Families, one file each:
 *   BLO00xx source text (size, encoding)     BLO05xx sets, comprehensions, functions
 *   BLO01xx lexing and parsing               BLO06xx domains and static evaluation
 *   BLO02xx names                            BLO07xx data files
 *   BLO03xx levels, objectives, constraints  BLO08xx methods, options, applicability
 *   BLO04xx shapes                           BLO09xx numbers at run time
 *   BLO11xx mistakes of Blo itself           BLO10xx lints
 */
import { bugs } from "./bugs.js";
import { data } from "./data.js";
import { domains } from "./domains.js";
import { duals } from "./duals.js";
import type { Entry } from "./entry.js";
import { files } from "./files.js";
import { levels } from "./levels.js";
import { lints } from "./lints.js";
import { measures } from "./measures.js";
import { methods } from "./methods.js";
import { names } from "./names.js";
import { obstructions } from "./obstructions.js";
import { running } from "./running.js";
import { sets } from "./sets.js";
import { shapes } from "./shapes.js";
import { syntax } from "./syntax.js";
import { text } from "./text.js";

export const catalogue = {
  ...text,
  ...files,
  ...syntax,
  ...names,
  ...levels,
  ...duals,
  ...shapes,
  ...sets,
  ...domains,
  ...data,
  ...methods,
  ...measures,
  ...running,
  ...obstructions,
  ...lints,
  ...bugs,
} as const;

export type Catalogue = typeof catalogue;
export type Code = keyof Catalogue;
/** What the message of a code needs. */
export type Parameters<C extends Code> = Catalogue[C] extends Entry<infer P> ? P : never;
