/**
 * One loop nest: statements over a common range, printed as a single fused loop. A value that depends only on outer
 * counters is computed at their level; a value that several statements want is computed once.
 */
import type { Node, Shape } from "../expr/node.js";
import type { Line } from "./lines.js";
import type { Captures, Memory, Place } from "./memory.js";
import type { Plan } from "./plan.js";
import { affine, atom, combine, depthOf, fixed, keyOf, type Position, positionText } from "./position.js";
import { Printer } from "./print.js";
import { reshapeGroups, stridesOf } from "./shapes.js";
import { type Term, Terms } from "./terms.js";
import type { View } from "./view.js";

/** What a nest needs to know about the kernel that it is part of. */
export interface Surroundings {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly captures: Captures;
  readonly helpers: Set<string>;
  /** A new name for a local. */
  fresh(): string;
  /** The local that holds a stored scalar. */
  scalarName(node: Node): string;
  /** Whether the nest at `step` computes the node itself. */
  isLocal(node: Node, step: number): boolean;
}

type Reduction = "sum" | "maxOf" | "minOf";

interface Statement {
  readonly term: Term;
  readonly depth: number;
  /** The statement around the text of its value. */
  readonly print: (value: string) => { readonly text: string; readonly defines: readonly string[] };
}

const starts: Readonly<Record<Reduction, string>> = { sum: "0", maxOf: "-Infinity", minOf: "Infinity" };

export class Nest {
  /** Extents of the loops, outermost first; axes of length 1 have no loop. */
  readonly counters: readonly string[];
  private readonly terms = new Terms();
  private readonly known = new Map<string, Term>();
  private readonly integers = new Map<string, string>();
  /** Per level what comes before the next inner loop, and after it. */
  private readonly levels: Line[][];
  private readonly after: string[][];
  private readonly statements: Statement[] = [];
  /** Function-level locals that reductions and scalars define. */
  private readonly outside: string[] = [];
  private readonly defined: string[] = [];

  constructor(
    private readonly around: Surroundings,
    readonly extents: readonly number[],
    readonly step: number,
  ) {
    this.counters = extents.map((_, k) => `k${k + 1}`);
    this.levels = Array.from({ length: extents.length + 1 }, () => []);
    this.after = Array.from({ length: extents.length + 1 }, () => []);
  }

  /** Positions along the axes of `shape`; `order` lists its axes from the outermost loop to the innermost. */
  positions(shape: Shape, order: readonly number[] = shape.map((_, k) => k)): Position[] {
    const result: Position[] = shape.map(() => fixed(0));
    let depth = 0;
    for (const axis of order) {
      if (shape[axis] === 1) continue;
      result[axis] = atom(this.counters[depth], depth + 1);
      depth++;
    }
    return result;
  }

  /** The entry of `node` at a position. */
  value(node: Node, at: readonly Position[]): Term {
    const key = `${node.id}@${keyOf(at)}`;
    let term = this.known.get(key);
    if (!term) {
      term = this.make(node, at);
      this.known.set(key, term);
    }
    return term;
  }

  product(left: Term, right: Term): Term {
    return this.terms.mul(left, right);
  }

  total(terms: readonly Term[]): Term {
    return terms.reduce((a, b) => this.terms.add(a, b));
  }

  negative(term: Term): Term {
    return this.terms.apply("neg", [term]);
  }

  /** node[at] = term, or += */
  store(node: Node, at: readonly Position[], term: Term, add = false): void {
    const place = this.around.memory.at(node);
    this.around.memory.touch(node, this.step);
    this.storeAt(place, node.shape, at, term, add);
  }

  /** The same, at a given place for entries of a shape. */
  storeAt({ array, offset }: Place, shape: Shape, at: readonly Position[], term: Term, add = false): void {
    const place = combine(at, stridesOf(shape), offset);
    const depth = this.extents.length;
    this.statement(term, depth, (text) => {
      return { text: `${array}[${this.positionText(place)}] ${add ? "+=" : "="} ${text};`, defines: [] };
    });
  }

  /** The value of a node: a local of the function where it is one number, otherwise node[at]. */
  set(node: Node, at: readonly Position[], term: Term): void {
    if (!this.around.plan.isScalar(node)) {
      this.store(node, at, term);
      return;
    }
    const name = this.around.scalarName(node);
    this.statement(term, 0, (text) => ({ text: `const ${name} = ${text};`, defines: [name] }));
  }

  /** Folds `term` over the loops inside level `depth` into node[at], or into a scalar of the function. */
  reduce(kind: Reduction, term: Term, depth: number, node: Node, at: readonly Position[]): void {
    const scalar = this.around.plan.isScalar(node);
    const name = scalar ? this.around.scalarName(node) : this.around.fresh();
    if (scalar) {
      this.defined.push(name);
      this.outside.push(`let ${name} = ${starts[kind]};`);
    } else {
      const { array, offset } = this.around.memory.at(node);
      this.around.memory.touch(node, this.step);
      const place = combine(at, stridesOf(node.shape), offset);
      this.push(depth, `let ${name} = ${starts[kind]};`);
      this.after[depth].push(`${array}[${this.positionText(place)}] = ${name};`);
    }
    const inner = this.extents.length;
    this.statement(term, inner, (text) => {
      const folded = kind === "sum" ? `${name} += ${text};` : `${name} = Math.${kind.slice(0, 3)}(${name}, ${text});`;
      return { text: folded, defines: [] };
    });
  }

  /** The text of the whole nest; without loops, line by line. */
  print(): Line[] {
    const printer = new Printer(
      (depth, name, text, uses) => this.push(depth, `const ${name} = ${text};`, [name], [...uses]),
      () => this.around.fresh(),
    );
    for (const { term } of this.statements) printer.demand(term);
    for (const { term, depth, print } of this.statements) {
      const placed = printer.text(term, depth);
      const { text, defines } = print(placed.text);
      this.push(depth, text, defines, [...placed.uses]);
    }
    for (const helper of printer.helpers) this.around.helpers.add(helper);
    return this.extents.length === 0 ? this.levels[0] : [this.loops()];
  }

  private loops(): Line {
    const text: string[] = [...this.outside, "{"];
    const own = new Set(this.defined);
    const uses = new Set<string>();
    let weight = this.extents.length;
    this.levels.forEach((lines, depth) => {
      const i = this.counters[depth - 1];
      if (depth > 0) text.push(`for (let ${i} = 0; ${i} < ${this.extents[depth - 1]}; ${i}++) {`);
      for (const line of lines) {
        text.push(line.text);
        weight++;
        for (const name of line.defines) own.add(name);
        for (const name of line.uses) uses.add(name);
      }
    });
    for (let depth = this.extents.length; depth >= 0; depth--) text.push(...this.after[depth], "}");
    const needs = [...uses].filter((name) => !own.has(name));
    return { text: text.join("\n"), defines: this.defined, uses: needs, weight };
  }

  private push(depth: number, text: string, defines: readonly string[] = [], uses: readonly string[] = []): void {
    this.levels[depth].push({ text, defines, uses, weight: 1 });
  }

  private statement(term: Term, depth: number, print: Statement["print"]): void {
    this.statements.push({ term, depth, print });
  }

  private make(node: Node, at: readonly Position[]): Term {
    const { plan } = this.around;
    if (node.op === "constant" && !plan.given(node)) return this.terms.number(node.attributes.value!);
    const stored = plan.isArray(node) && !this.around.isLocal(node, this.step);
    if (stored && plan.isScalar(node)) {
      const name = this.around.scalarName(node);
      return this.terms.read(name, 0, true, [name]);
    }
    if (stored) return this.read(node, combine(at, stridesOf(node.shape)));
    if (plan.isElementwise(node)) {
      const operands = node.args.map((arg) => this.value(arg, arg.shape.length === 0 ? [] : at));
      return this.terms.apply(node.op, operands);
    }
    const view = plan.view(node);
    if (view && !this.around.isLocal(view.base, this.step)) return this.read(view.base, this.viewPosition(view, at));
    return this.value(node.args[0], this.through(node, at));
  }

  /** Where a layout operator finds the entry at a position of its result. */
  private through(node: Node, at: readonly Position[]): Position[] {
    const { axes, axis, index } = node.attributes;
    const shape = node.args[0].shape;
    switch (node.op) {
      case "broadcast":
        return axes!.map((k) => at[k]);
      case "transpose": {
        const result: Position[] = [];
        axes!.forEach((from, to) => {
          result[from] = at[to];
        });
        return result;
      }
      case "take":
        return at.map((p, k) => {
          if (k !== axis) return p;
          return index!.values ? this.lookup(index!, p) : affine(p, index!.start, index!.step);
        });
      case "reshape": {
        const result: Position[] = shape.map(() => fixed(0));
        for (const { from, to } of reshapeGroups(shape, node.shape)) {
          if (from.length > 1) throw new Error("reshape that splits axes was not stored");
          const strides = stridesOf(to.map((k) => node.shape[k]));
          result[from[0]] = combine(
            to.map((k) => at[k]),
            strides,
          );
        }
        return result;
      }
      default:
        throw new Error(`${node.op} is not read in place`);
    }
  }

  /** The element of an index table at a position, as an integer of its own. */
  lookup(index: NonNullable<Node["attributes"]["index"]>, at: Position): Position {
    const text = `${this.around.captures.tableName(index)}[${this.positionText(at)}]`;
    return atom(this.integer(text, depthOf(at)), depthOf(at));
  }

  private viewPosition(view: View, at: readonly Position[]): Position {
    const parts = view.axes.map((a, k) => (a.table ? this.lookup(a.table, at[k]) : at[k]));
    return combine(
      parts,
      view.axes.map((a) => a.stride),
      view.offset,
    );
  }

  private read(node: Node, position: Position): Term {
    const { array, offset } = this.around.memory.at(node);
    this.around.memory.touch(node, this.step);
    const place = { ...position, offset: position.offset + offset };
    return this.terms.read(`${array}[${this.positionText(place)}]`, depthOf(place));
  }

  private positionText(position: Position): string {
    return positionText(position, (text, depth) => this.integer(text, depth));
  }

  private integer(text: string, depth: number): string {
    const key = `${depth}:${text}`;
    let name = this.integers.get(key);
    if (!name) {
      name = this.around.fresh();
      this.integers.set(key, name);
      this.push(depth, `const ${name} = ${text};`, [name]);
    }
    return name;
  }
}
