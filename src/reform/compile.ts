/**
 * A program of expressions as the numerical core wants it: values, and exact first and second derivatives in sparse form.
 * The columns of the Jacobian and of the Hessian of the Lagrangian are put into groups that share no row, and each group
 * costs one directional derivative (forward over the rows; forward over reverse for the Hessian).
 */
import type { Backend, Kernel } from "../codegen/kernel.js";
import { gradient, jvp } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { NonlinearProgram, Pattern } from "../nlp/program.js";
import { createRandom } from "../num/random.js";
import { type ColumnPattern, columnGroups } from "./colouring.js";
import { type Program, sizeOf } from "./program.js";
import { branches, dependence } from "./sparsity.js";

type Vector = Float64Array;

/** A program ready to be solved. `parameters` is read at every call: write into it between solves. */
export interface CompiledProgram extends NonlinearProgram {
  readonly parameters: Vector;
}

/** Bounds of a point inside which patterns are looked for. */
const REACH = 1;

export function compileProgram(program: Program, backend: Backend): CompiledProgram {
  const { builder: b, blocks, parameters: held } = program;
  const n = sizeOf(blocks);
  const rows = program.rows.reduce((sum, r) => sum + r.body.shape[0], 0);
  const inputs = [...blocks.map((block) => block.input), ...held];
  const moving = blocks.map((block) => block.input);
  const u = new Float64Array(n);
  const parameters = new Float64Array(held.reduce((sum, p) => sum + p.size, 0));
  const at = [...split(u, moving), ...split(parameters, held)];

  const compile = (name: string, extra: readonly InputBlock[], outputs: readonly Node[]): Kernel =>
    backend.compile({ name: `program_${name}`, inputs: [...inputs, ...extra], outputs });
  const body = joinRows(program);
  const objective = compile("value", [], [program.objective]);
  const slope = gradient(b, program.objective, moving);
  const slopeKernel = compile("gradient", [], slope);
  const rowKernel = body === undefined ? undefined : compile("rows", [], [body]);

  // one flat direction, one flat result for each kind of product
  const directions = moving.map((block) => ({ name: `direction of ${block.name}`, size: block.size }));
  const along = new Map(moving.map((block, k) => [block, b.input(directions[k])]));
  const d = new Float64Array(n);
  const towards = split(d, directions);
  const jacobianKernel = body === undefined ? undefined : compile("jacobian", directions, jvp(b, [body], along));

  const sigma: InputBlock = { name: "sigma", size: 1 };
  const z: InputBlock = { name: "multipliers", size: rows };
  const weight = new Float64Array(1);
  const multipliers = new Float64Array(rows);
  const scaled = b.mul(b.reshape(b.input(sigma), []), program.objective);
  const lagrangian = body === undefined ? scaled : b.add(scaled, b.dot(b.input(z), body));
  const lagrangianSlope = gradient(b, lagrangian, moving);
  const weights = rows > 0 ? [sigma, z] : [sigma];
  const weightBuffers = rows > 0 ? [weight, multipliers] : [weight];
  const curvature = compile("hessian", [...weights, ...directions], jvp(b, lagrangianSlope, along));

  const product = new Float64Array(n);
  const products = split(product, moving);
  const rowProduct = new Float64Array(rows);
  const scalar = new Float64Array(1);

  const lower = join(blocks.map((block) => block.lower));
  const upper = join(blocks.map((block) => block.upper));
  probePoint(u, lower, upper);
  parameters.fill(0.5);
  weight[0] = 1;
  const random = createRandom(1).split("multipliers");
  for (let i = 0; i < rows; i++) multipliers[i] = 0.5 + random.uniform();
  const jacobianColumns: ColumnPattern =
    body === undefined || rowKernel === undefined
      ? Array.from(u, () => new Int32Array(0))
      : dependence(u, rowProduct, () => rowKernel(...at, rowProduct), branches([body]));
  const probe = compile("lagrangian", weights, lagrangianSlope);
  const hessianColumns = dependence(
    u,
    product,
    () => probe(...at, ...weightBuffers, ...products),
    branches(lagrangianSlope),
  );

  const jacobian = new Compressed(jacobianColumns, rows, d, false);
  const hessian = new Compressed(hessianColumns, n, d, true);
  return {
    n,
    rows,
    lower,
    upper,
    rowLower: join(program.rows.map((r) => r.lower)),
    rowUpper: join(program.rows.map((r) => r.upper)),
    parameters,
    value(point) {
      u.set(point);
      return objective(...at, scalar);
    },
    gradientInto(point, out) {
      u.set(point);
      slopeKernel(...at, ...products);
      out.set(product);
    },
    constraintsInto(point, out) {
      if (rowKernel === undefined) return;
      u.set(point);
      rowKernel(...at, rowProduct);
      out.set(rowProduct);
    },
    jacobian: jacobian.pattern,
    jacobianInto(point, values) {
      if (jacobianKernel === undefined) return;
      u.set(point);
      jacobian.fill(() => jacobianKernel(...at, ...towards, rowProduct), rowProduct, values);
    },
    hessian: hessian.pattern,
    hessianInto(point, factor, rowMultipliers, values) {
      u.set(point);
      weight[0] = factor;
      multipliers.set(rowMultipliers);
      hessian.fill(() => curvature(...at, ...weightBuffers, ...towards, ...products), product, values);
    },
    products: { jacobian: jacobian.products, hessian: hessian.products },
  };
}

/** A sparse matrix behind products with groups of its columns. */
class Compressed {
  readonly pattern: Pattern;
  /** For each entry of the pattern: its column's group, in the order in which groups are done. */
  private readonly entriesOf: readonly Int32Array[];
  private readonly columnsOf: readonly Int32Array[];

  constructor(
    columns: ColumnPattern,
    rows: number,
    private readonly direction: Vector,
    lowerTriangle: boolean,
  ) {
    const { group, groups } = columnGroups(columns, rows);
    const at: number[] = [];
    const to: number[] = [];
    columns.forEach((entries, j) => {
      for (const i of entries) {
        if (lowerTriangle && i < j) continue;
        at.push(i);
        to.push(j);
      }
    });
    this.pattern = { rows: Int32Array.from(at), columns: Int32Array.from(to) };
    this.entriesOf = Array.from({ length: groups }, (_, g) =>
      Int32Array.from([...to.keys()].filter((e) => group[to[e]] === g)),
    );
    this.columnsOf = Array.from({ length: groups }, (_, g) =>
      Int32Array.from([...columns.keys()].filter((j) => columns[j].length > 0 && group[j] === g)),
    );
  }

  /** Directional derivatives that `fill` takes. */
  get products(): number {
    return this.entriesOf.filter((entries) => entries.length > 0).length;
  }

  /** `multiply` applies the matrix to the direction and leaves the product in `product`. */
  fill(multiply: () => void, product: Vector, values: Vector): void {
    const { direction, pattern } = this;
    for (let g = 0; g < this.entriesOf.length; g++) {
      const entries = this.entriesOf[g];
      if (entries.length === 0) continue;
      direction.fill(0);
      for (const j of this.columnsOf[g]) direction[j] = 1;
      multiply();
      for (const e of entries) values[e] = product[pattern.rows[e]];
    }
  }
}

function joinRows({ builder: b, rows }: Program): Node | undefined {
  const bodies = rows.map((r) => r.body);
  if (bodies.length === 0) return undefined;
  return bodies.length === 1 ? bodies[0] : b.concat(bodies, 0);
}

function split(flat: Vector, blocks: readonly InputBlock[]): Vector[] {
  let offset = 0;
  return blocks.map(({ size }) => flat.subarray(offset, (offset += size)));
}

function join(parts: readonly Vector[]): Vector {
  const out = new Float64Array(parts.reduce((sum, p) => sum + p.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** A point strictly inside the bounds, without special values. */
function probePoint(u: Vector, lower: Vector, upper: Vector): void {
  const random = createRandom(1).split("pattern");
  for (let j = 0; j < u.length; j++) {
    const low = Number.isFinite(lower[j]) ? lower[j] : Math.min(upper[j] - REACH, 0.5);
    const high = Number.isFinite(upper[j]) ? upper[j] : low + REACH;
    u[j] = low + (0.25 + 0.5 * random.uniform()) * Math.min(high - low, REACH);
  }
}
