/** Linear and convex quadratic programs as data:  min ½ uᵀ Q u + cᵀ u + offset,  rowLower <= A u <= rowUpper,  lower <= u <= upper. */
type Vector = Float64Array;

/** Entries of a sparse matrix; repeated positions add up. */
export interface Triplets {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly values: Vector;
}

export interface QuadraticProgram {
  readonly n: number;
  readonly rows: number;
  readonly cost: Vector;
  readonly offset: number;
  /** Lower triangle of Q (row >= column), positive semidefinite; undefined for linear programs. */
  readonly hessian: Triplets | undefined;
  readonly matrix: Triplets;
  readonly lower: Vector;
  readonly upper: Vector;
  readonly rowLower: Vector;
  readonly rowUpper: Vector;
}
