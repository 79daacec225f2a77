/** Constant folding: an operator whose arguments are all known is evaluated when it is built. */
import { type Attributes, type Node, type Shape, sizeOf } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { extents } from "../contract.js";
import { operatorNamed } from "../registry.js";
import { provenance } from "./provenance.js";

/** Entries of a folded result, multiplications spent on one, and entries where a result is only moved or padded. */
const mostEntries = 1 << 22;
const mostWork = 5e7;
const mostMoved = 1 << 16;

const known = (node: Node): boolean => node.op === "constant" || node.op === "tensor";

/** Whether folding pays: never where it would materialise a repetition or fix a sample. */
function pays(op: string, args: readonly Node[], shape: Shape, attributes: Attributes): boolean {
  const entries = sizeOf(shape);
  if (entries > mostEntries || op === "broadcast") return false;
  switch (op) {
    case "take":
      return attributes.index!.sample === undefined;
    case "put":
      return attributes.index!.sample === undefined && entries <= mostMoved;
    case "transpose":
    case "neg":
      return entries <= mostMoved;
    case "mul":
    case "div":
      // a number in front of a large constant stays in front: it can move on from there
      return entries <= mostMoved || args.every((a) => a.shape.length > 0);
    case "contract": {
      let work = 1;
      for (const size of extents(attributes.labels!, args[0].shape, args[1].shape).values()) work *= size;
      return work <= mostWork;
    }
    case "solve":
      return args[0].shape[0] ** 2 * (args[0].shape[0] + (shape[1] ?? 1)) <= mostWork;
    default:
      return true;
  }
}

/** The constant that `node` (just made) stands for, or undefined where it is not known or not worth it. */
export function folded(b: Builder, node: Node): Node | undefined {
  const { op, args, shape, attributes } = node;
  if (args.length === 0 || !args.every(known) || !pays(op, args, shape, attributes)) return undefined;
  const values = args.map((a) => a.attributes.tensor?.values ?? Float64Array.of(a.attributes.value!));
  const name = provenance(op, args, shape, attributes);
  const called = name === undefined ? {} : { name };
  // the same entries under another shape, or a run of whole rows, need no copy
  if (op === "reshape") return b.tensor({ ...args[0].attributes.tensor, shape, values: values[0] });
  if (op === "take" && attributes.axis === 0 && !attributes.index!.values && attributes.index!.step === 1) {
    const row = sizeOf(shape.slice(1));
    const { start, size } = attributes.index!;
    return b.tensor({ ...called, shape, values: values[0].subarray(start * row, (start + size) * row) });
  }
  const out = new Float64Array(sizeOf(shape));
  operatorNamed(op).evaluateInto(out, values, node);
  if (shape.length === 0) return b.constant(out[0]);
  const first = out[0];
  return out.length > 0 && out.every((v) => v === first)
    ? b.filled(shape, first)
    : b.tensor({ ...called, shape, values: out });
}
