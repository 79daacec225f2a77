/** Kernels in loop form: plan, schedule, print each step, then hand out scratch. */
import { type Node, type Shape, sizeOf } from "../expr/node.js";
import type { Line } from "./lines.js";
import { type Captures, Memory, type Place } from "./memory.js";
import { Nest, type Surroundings } from "./nest.js";
import { Plan } from "./plan.js";
import { emitProduct } from "./product.js";
import { Schedule } from "./schedule.js";

export interface Target {
  readonly node: Node;
  readonly place: Place;
}

export interface LoopForm {
  readonly lines: readonly Line[];
  /** Lengths of the scratch arrays q0, q1, … */
  readonly buffers: readonly number[];
  /** Lines that name the scratch: `const b3 = q0;` */
  readonly aliases: readonly string[];
}

export function emitLoops(
  targets: readonly Target[],
  given: ReadonlyMap<Node, Place>,
  captures: Captures,
  helpers: Set<string>,
): LoopForm {
  const plan = new Plan(
    targets.map((t) => t.node),
    (node) => given.has(node),
  );
  const memory = new Memory();
  for (const [node, place] of given) memory.put(node, place);
  for (const node of plan.order) {
    const { tensor } = node.attributes;
    if (tensor && !given.has(node)) memory.put(node, { array: captures.nameOf(tensor.values), offset: 0 });
  }
  // a stored result lives in its target; anything else is copied there at the end
  const copies: Target[] = [];
  const kept: Node[] = [];
  for (const target of targets) {
    const source = plan.unshaped(target.node);
    kept.push(source);
    if (plan.roots.has(source) && !plan.isScalar(source) && !memory.has(source)) memory.put(source, target.place);
    else copies.push({ node: source, place: target.place });
  }
  const isProduct = (node: Node) => node.args.every((arg) => plan.view(arg) !== undefined);
  const schedule = new Schedule(plan, kept, isProduct);

  let count = 0;
  const scalars = new Map<Node, string>();
  const around: Surroundings = {
    plan,
    memory,
    captures,
    helpers,
    fresh: () => `t${count++}`,
    scalarName: (node) => {
      let name = scalars.get(node);
      if (!name) {
        name = `s${scalars.size}`;
        scalars.set(node, name);
      }
      return name;
    },
    isLocal: (node, step) => schedule.isLocal(node, step),
  };

  const lines: Line[] = [];
  const filled = new Set<Node>();
  schedule.steps.forEach((step, k) => {
    for (const work of step.works) {
      if (!work.fills || filled.has(work.root)) continue;
      filled.add(work.root);
      const { array, offset } = memory.at(work.root);
      memory.touch(work.root, k);
      const size = sizeOf(work.root.shape);
      lines.push({ text: `${array}.fill(0, ${offset}, ${offset + size});`, defines: [], uses: [], weight: 1 });
    }
    if (step.extents === undefined) {
      for (const { root } of step.works) lines.push(alone(root, k, around));
      return;
    }
    const nest = new Nest(around, step.extents, k);
    for (const work of step.works) if (schedule.stored.has(work.root)) work.emit(nest);
    lines.push(...nest.print());
  });
  copies.forEach((target, k) => {
    lines.push(...copy(target, schedule.steps.length + k, around));
  });
  const { buffers, names } = memory.allocate();
  return { lines, buffers, aliases: [...names].map(([name, k]) => `const ${name} = q${k};`) };
}

/** Works that are no nests. */
function alone(root: Node, step: number, around: Surroundings): Line {
  if (root.op === "contract") return emitProduct(root, step, around);
  if (root.op === "solve") return emitSolve(root, step, around);
  throw new Error(`no code for operator ${root.op}`);
}

function emitSolve(root: Node, step: number, around: Surroundings): Line {
  const { memory, fresh, helpers, captures } = around;
  const [a, b] = root.args.map((arg) => {
    memory.touch(arg, step);
    return memory.at(arg);
  });
  const out = memory.at(root);
  memory.touch(root, step);
  const k = root.args[0].shape[0];
  const p = root.shape[1] ?? 1;
  const work = captures.nameOf(new Float64Array(k * k));
  const i = fresh();
  helpers.add("eliminate");
  const text = [
    `for (let ${i} = 0; ${i} < ${k * k}; ${i}++) ${work}[${i}] = ${a.array}[${i} + ${a.offset}];`,
    `for (let ${i} = 0; ${i} < ${k * p}; ${i}++) ${out.array}[${i} + ${out.offset}] = ${b.array}[${i} + ${b.offset}];`,
    `eliminate(${out.array}, ${out.offset}, ${work}, ${k}, ${p});`,
  ];
  return { text: text.join("\n"), defines: [], uses: [], weight: 3 };
}

/** Writes an output that has no storage of its own, or that was asked for twice. */
function copy(target: Target, step: number, around: Surroundings): Line[] {
  const { node, place } = target;
  const extents = node.shape.filter((d: Shape[number]) => d !== 1);
  const nest = new Nest(around, extents, step);
  const at = nest.positions(node.shape);
  nest.storeAt(place, node.shape, at, nest.value(node, at));
  return nest.print();
}
