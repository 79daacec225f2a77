/** Quadratic forms recognised by degree: Hessian, slope and constant as nodes over what is fixed; made when they are asked for. */
import { gradient, substitute } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import { inputsOf } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { evaluate } from "../ops/evaluate.js";
import { matrixNode } from "./hessian.js";
import type { QuadraticForm } from "./verdict.js";

/** Larger forms have no matrix. */
const LARGEST = 400;

/** `f` has degree at most 2 in the entries named. */
export function quadraticForm(
  b: Builder,
  f: Node,
  positions: readonly { readonly block: InputBlock; readonly entries: Int32Array }[],
): QuadraticForm {
  return new Form(b, f, positions);
}

class Form implements QuadraticForm {
  readonly size: number;
  private readonly b: Builder;
  private readonly f: Node;
  private readonly positions: readonly { readonly block: InputBlock; readonly entries: Int32Array }[];
  private parts: { readonly slope: Node; readonly constant: Node; readonly hessian: Node | undefined } | undefined;
  private numbers: Float64Array | undefined | "none";

  constructor(b: Builder, f: Node, positions: Form["positions"]) {
    this.b = b;
    this.f = f;
    this.positions = positions;
    this.size = positions.reduce((n, p) => n + p.entries.length, 0);
  }

  get hessian(): Node | undefined {
    return this.made().hessian;
  }

  get slope(): Node {
    return this.made().slope;
  }

  get constant(): Node {
    return this.made().constant;
  }

  get constantHessian(): boolean {
    const { hessian } = this.made();
    return hessian !== undefined && inputsOf([hessian]).length === 0;
  }

  get matrix(): Float64Array | undefined {
    const { hessian } = this.made();
    if (this.numbers === undefined)
      this.numbers = hessian && this.constantHessian ? evaluate([hessian])[0] : ("none" as const);
    return this.numbers === "none" ? undefined : this.numbers;
  }

  private made(): NonNullable<Form["parts"]> {
    this.parts ??= this.b.at(this.f.origin, () => this.build());
    return this.parts;
  }

  private build(): NonNullable<Form["parts"]> {
    const { b, f, positions } = this;
    const slopes = gradient(
      b,
      f,
      positions.map((p) => p.block),
    );
    const slope = b.concat(
      positions.map((p, i) => b.take(slopes[i], 0, b.graph.positions(p.entries))),
      0,
    );
    const zero = new Map(positions.map((p) => [p.block, without(b, p.block, p.entries)]));
    const hessian = this.size <= LARGEST ? [matrixNode(b, f, positions)] : [];
    const [at, value, matrix] = substitute(b, [slope, f, ...hessian], zero);
    return { slope: at, constant: value, hessian: matrix };
  }
}

/** The block with zeros at the entries named. */
function without(b: Builder, block: InputBlock, entries: Int32Array): Node {
  if (entries.length === block.size) return b.zeros([block.size]);
  const values = new Float64Array(block.size).fill(1);
  for (const k of entries) values[k] = 0;
  return b.mul(b.input(block), b.tensor({ shape: [block.size], values }));
}
