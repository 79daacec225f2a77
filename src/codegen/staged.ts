/**
 * "Linearise once, apply many": splits a request into what depends on the late inputs and what does not. The values at
 * the border (the frontier) are computed by `prepare` into one array that `apply` reads.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { type EmitRequest, emit, type KernelText, type Limits } from "./emit.js";
import type { StagedRequest } from "./kernel.js";
import { Captures, type Place } from "./memory.js";
import { Normaliser } from "./normalise.js";
import { needed } from "./walk.js";

export interface StagedText {
  readonly prepare: KernelText;
  readonly apply: KernelText;
}

const layouts: ReadonlySet<string> = new Set(["broadcast", "reshape", "transpose", "take"]);

/** The early nodes whose values late nodes (or outputs) need, looking through layouts, which cost nothing to read. */
export function frontierOf(outputs: readonly Node[], late: readonly InputBlock[]): Node[] {
  const isLate = new Map<Node, boolean>();
  const order = needed(outputs);
  for (const node of order) {
    const { input } = node.attributes;
    isLate.set(node, input ? late.includes(input) : node.args.some((arg) => isLate.get(arg)));
  }
  const varies = new Map<Node, boolean>();
  for (const node of order) varies.set(node, node.op === "input" || node.args.some((arg) => varies.get(arg)));
  const frontier = new Set<Node>();
  const want = (node: Node) => {
    let item = node;
    while (layouts.has(item.op)) item = item.args[0];
    if (!isLate.get(item) && varies.get(item)) frontier.add(item);
  };
  for (const node of order) {
    if (!isLate.get(node)) continue;
    for (const arg of node.args) if (!isLate.get(arg)) want(arg);
  }
  for (const node of outputs) if (!isLate.get(node)) want(node);
  return [...frontier];
}

export function emitStaged(request: StagedRequest, limits?: Limits): StagedText {
  const normaliser = new Normaliser();
  const outputs = request.outputs.map((node) => normaliser.image(node));
  const frontier = frontierOf(outputs, request.late);
  let total = 0;
  const places = frontier.map((node): Place => {
    const place = { array: "P", offset: total };
    total += sizeOf(node.shape);
    return place;
  });
  const stage = new Float64Array(total);
  const shared = (): Captures => {
    const captures = new Captures();
    captures.share("P", stage);
    return captures;
  };
  const options = limits ? { limits } : {};
  const early: EmitRequest = {
    name: `${request.name}Prepare`,
    inputs: request.inputs,
    outputs: frontier,
    places,
    captures: shared(),
    ...options,
  };
  const given = new Map(frontier.map((node, k): [Node, Place] => [node, places[k]]));
  const apply: EmitRequest = {
    name: `${request.name}Apply`,
    inputs: request.late,
    outputs,
    given,
    captures: shared(),
    ...options,
  };
  return { prepare: emit(early, normaliser), apply: emit(apply, normaliser) };
}
