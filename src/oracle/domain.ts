/** The domain of a level as one set: the product of its variables' sets, with projection and tangents block by block. */
import type { Variable } from "../model/problem.js";
import {
  ballTangentInto,
  boxTangentInto,
  projectBallInto,
  projectBoxInto,
  projectSimplexInto,
  simplexTangentInto,
} from "../num/project.js";
import type { DomainOracle } from "./oracle.js";

type Vector = Float64Array;

interface Block {
  project(v: Vector): void;
  tangent(point: Vector, v: Vector): void;
}

/**
 * `size` is the length of the level's vector. `lower` and `upper` enclose the set entry by entry; they are the set
 * itself where `boxes` holds.
 */
export function domainOracle(variables: readonly Variable[], size: number): DomainOracle {
  const lower = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  for (const variable of variables) encloseInto(variable, lower, upper);
  const bounded = variables.filter((v) => v.domain.kind !== "free");
  const boxes = bounded.every((v) => v.domain.kind === "box");
  const blocks = bounded.map((v) => blockOf(v, lower, upper));
  return {
    free: bounded.length === 0,
    boxes,
    lower,
    upper,
    project(v) {
      for (let i = 0; i < blocks.length; i++) blocks[i].project(v);
    },
    projectTangent(point, v) {
      for (let i = 0; i < blocks.length; i++) blocks[i].tangent(point, v);
    },
  };
}

function encloseInto({ domain, offset, size }: Variable, lower: Vector, upper: Vector): void {
  for (let i = 0; i < size; i++) {
    if (domain.kind === "box") {
      lower[offset + i] = domain.lower[i];
      upper[offset + i] = domain.upper[i];
    } else if (domain.kind === "ball") {
      lower[offset + i] = domain.center[i] - domain.radius;
      upper[offset + i] = domain.center[i] + domain.radius;
    } else if (domain.kind === "simplex") {
      lower[offset + i] = 0;
      upper[offset + i] = domain.total;
    }
  }
}

function blockOf({ domain, offset, size }: Variable, lower: Vector, upper: Vector): Block {
  if (domain.kind === "ball") {
    const { center, radius } = domain;
    return {
      project: (v) => projectBallInto(v, center, radius, offset, size),
      tangent: (point, v) => ballTangentInto(point, center, radius, offset, size, v),
    };
  }
  if (domain.kind === "simplex") {
    const { total } = domain;
    const scratch = new Float64Array(size);
    return {
      project: (v) => projectSimplexInto(v, total, offset, size, scratch),
      tangent: (point, v) => simplexTangentInto(point, total, offset, size, scratch, v),
    };
  }
  return {
    project: (v) => projectBoxInto(v, lower, upper, offset, size),
    tangent: (point, v) => boxTangentInto(point, lower, upper, offset, size, v),
  };
}
