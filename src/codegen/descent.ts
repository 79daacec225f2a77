/**
 * Gradient steps inside one kernel:  count times  y <- y - step * gradient(y, …).  For small problems the entries of y
 * stay in locals from step to step, which saves the way through memory that a loop over a gradient kernel takes (on one
 * variable, most of the time).
 */
import { type Node, sizeOf } from "../expr/node.js";
import { defaultLimits, type KernelText } from "./emit.js";
import type { Descent, DescentRequest } from "./kernel.js";
import { link } from "./link.js";
import { Normaliser } from "./normalise.js";
import { Printer } from "./print.js";
import { Terms } from "./terms.js";
import { unroll } from "./unroll.js";

/** Entries of y, and operators of the gradient, up to which the locals fit the registers of a processor. */
const entries = 8;
const operators = 200;

/** The text of the kernel; undefined where the problem is too large to gain anything. */
export function emitDescent(request: DescentRequest): KernelText | undefined {
  const { moving, inputs } = request;
  if (moving.size > entries) return undefined;
  const normaliser = new Normaliser();
  const gradient = normaliser.image(request.gradient);
  const terms = new Terms();
  const read = (node: Node, entry: number) => {
    const block = node.attributes.input!;
    if (block === moving) return terms.read(`y${entry}`, 1, true);
    return terms.read(`i${inputs.indexOf(block)}[${entry}]`, 0);
  };
  const unrolled = unroll([gradient], terms, read, () => false, { ...defaultLimits, operators });
  if (!unrolled) return undefined;
  const [slopes] = unrolled;
  const levels: string[][] = [[], []];
  let count = 0;
  const printer = new Printer(
    (depth, name, text) => levels[depth].push(`const ${name} = ${text};`),
    () => `t${count++}`,
  );
  for (const term of slopes) printer.demand(term);
  const last = slopes.map((term, e) => `g${e} = ${printer.text(term, 1).text};`);
  const each = Array.from({ length: sizeOf(gradient.shape) }, (_, e) => e);
  const home = `i${inputs.indexOf(moving)}`;
  const text = [
    "if (count < 1) return;",
    "const step = s[0];",
    ...levels[0],
    ...each.map((e) => `let y${e} = ${home}[${e}], g${e} = 0;`),
    "for (let k = 0; k < count; k++) {",
    ...levels[1],
    ...last,
    ...each.map((e) => `y${e} -= step * g${e};`),
    "}",
    ...each.map((e) => `${home}[${e}] = y${e}; o0[${e}] = g${e};`),
  ].join("\n");
  const statements = levels[0].length + levels[1].length + 4 * slopes.length;
  return {
    name: request.name,
    parameters: ["s", "count", ...inputs.map((_, k) => `i${k}`), "o0"],
    constants: [],
    buffers: [],
    spilled: 0,
    aliases: [],
    helpers: [...printer.helpers],
    parts: [text],
    result: undefined,
    statistics: { nodes: 0, statements, characters: text.length },
  };
}

export function compileDescent(request: DescentRequest): Descent | undefined {
  const text = emitDescent(request);
  return text && (link(text) as unknown as Descent);
}
