/** From a request over nodes to the text of one kernel: straight-line code where everything is small, loops otherwise. */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import type { KernelStatistics } from "./kernel.js";
import { cut, type Line } from "./lines.js";
import { emitLoops, type Target } from "./loops.js";
import { type Capture, Captures, type Place } from "./memory.js";
import type { Normaliser } from "./normalise.js";
import { Printer } from "./print.js";
import { Terms } from "./terms.js";
import { unroll } from "./unroll.js";
import { needed } from "./walk.js";

export interface Limits {
  /** Straight-line code up to: longest axis, most entries of a tensor, most operators. */
  readonly axis: number;
  readonly entries: number;
  readonly operators: number;
  /** Statements in one function before it is split. */
  readonly statements: number;
}

export const defaultLimits: Limits = { axis: 24, entries: 576, operators: 2000, statements: 400 };

export interface EmitRequest {
  /** A plain identifier of ours. */
  readonly name: string;
  readonly inputs: readonly InputBlock[];
  readonly outputs: readonly Node[];
  /** Where outputs go; default: argument o0, o1, … */
  readonly places?: readonly Place[];
  /** Values that are in memory already. */
  readonly given?: ReadonlyMap<Node, Place>;
  readonly captures?: Captures;
  readonly limits?: Limits;
}

/** A kernel as text: `prologue` runs once, `parts` in order at each call, all inside one closure. */
export interface KernelText {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly constants: readonly Capture[];
  /** Lengths of scratch arrays q0, q1, … and of the array S through which values cross between parts. */
  readonly buffers: readonly number[];
  readonly spilled: number;
  readonly aliases: readonly string[];
  readonly helpers: readonly string[];
  readonly parts: readonly string[];
  /** What it returns: the place of the first scalar output. */
  readonly result: Place | undefined;
  readonly statistics: KernelStatistics;
}

export function emit(request: EmitRequest, normaliser: Normaliser): KernelText {
  const limits = request.limits ?? defaultLimits;
  const captures = request.captures ?? new Captures();
  const own = request.places === undefined;
  const places = request.places ?? request.outputs.map((_, k) => ({ array: `o${k}`, offset: 0 }));
  const targets = request.outputs.map((node, k): Target => ({ node: normaliser.image(node), place: places[k] }));
  const given = new Map<Node, Place>(request.given);
  request.inputs.forEach((block, k) => {
    const node = normaliser.graph.make("input", [], [block.size], { input: block });
    if (!given.has(node)) given.set(node, { array: `i${k}`, offset: 0 });
  });
  const nodes = targets.map((t) => t.node);
  const count = needed(nodes, (node) => given.has(node)).length;
  const helpers = new Set<string>();
  const straight = emitStraight(targets, given, limits, helpers);
  const form = straight ? { lines: straight, buffers: [], aliases: [] } : emitLoops(targets, given, captures, helpers);
  const { parts, spilled } = cut(form.lines, limits.statements, "S");
  const first = request.outputs.findIndex((node) => node.shape.length === 0);
  return {
    name: request.name,
    parameters: [...request.inputs.map((_, k) => `i${k}`), ...(own ? places.map((p) => p.array) : [])],
    constants: captures.list,
    buffers: form.buffers,
    spilled,
    aliases: form.aliases,
    helpers: [...helpers],
    parts,
    result: first < 0 ? undefined : places[first],
    statistics: {
      nodes: count,
      statements: form.lines.reduce((total, line) => total + line.weight, 0),
      characters: parts.reduce((total, part) => total + part.length, 0),
    },
  };
}

/** Straight-line code, or undefined if loops are better. */
function emitStraight(
  targets: readonly Target[],
  given: ReadonlyMap<Node, Place>,
  limits: Limits,
  helpers: Set<string>,
): Line[] | undefined {
  const terms = new Terms();
  const read = (node: Node, entry: number) => {
    const place = given.get(node);
    return place && terms.read(`${place.array}[${place.offset + entry}]`, 0);
  };
  const nodes = targets.map((t) => t.node);
  const values = unroll(nodes, terms, read, (node) => given.has(node), limits);
  if (!values) return undefined;
  let count = 0;
  const lines: Line[] = [];
  const printer = new Printer(
    (_, name, text, uses) =>
      lines.push({ text: `const ${name} = ${text};`, defines: [name], uses: [...uses], weight: 1 }),
    () => `t${count++}`,
  );
  for (const entries of values) for (const term of entries) printer.demand(term);
  targets.forEach(({ node, place }, k) => {
    for (let e = 0; e < sizeOf(node.shape); e++) {
      const { text, uses } = printer.text(values[k][e], 0);
      lines.push({ text: `${place.array}[${place.offset + e}] = ${text};`, defines: [], uses: [...uses], weight: 1 });
    }
  });
  for (const helper of printer.helpers) helpers.add(helper);
  return lines;
}
