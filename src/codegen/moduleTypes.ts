/** The declarations of every generated module (see module.ts): all of them have the same interface. */
export const moduleTypes = `export interface VariableLayout {
  readonly name: string;
  readonly level: "upper" | "lower";
  /** Name of the lower level that it belongs to. */
  readonly follower?: string;
  readonly shape: readonly number[];
  /** Place in the flat vector of its level: x for the upper level, y for all lower levels together; row-major. */
  readonly offset: number;
  readonly size: number;
}
export interface LevelLayout {
  readonly sense: "minimize" | "maximize";
  readonly variables: readonly VariableLayout[];
}
export declare const layout: {
  readonly problem: string;
  /** Lengths of x and y. */
  readonly n: number;
  readonly m: number;
  readonly upper: LevelLayout;
  readonly lower: LevelLayout;
};
/** Functions of one level; where an \`out\` is given, it is filled and returned. It must not be one of the arguments. */
export interface Level {
  /** As written: to be minimised or maximised as layout says. All derivatives are of this function. */
  objective(x: Float64Array, y: Float64Array): number;
  gradX(x: Float64Array, y: Float64Array, out?: Float64Array): Float64Array;
  gradY(x: Float64Array, y: Float64Array, out?: Float64Array): Float64Array;
  /** Second derivative in y times v (length m); length m. */
  hvpYY(x: Float64Array, y: Float64Array, v: Float64Array, out?: Float64Array): Float64Array;
  /** Cross derivative d2/dx dy times v (length m); length n. */
  jvpXY(x: Float64Array, y: Float64Array, v: Float64Array, out?: Float64Array): Float64Array;
  /** One row per entry of constraintKinds: "le" rows are feasible where <= 0, "eq" rows where == 0. */
  constraints(x: Float64Array, y: Float64Array, out?: Float64Array): Float64Array;
  /** Dense, row by row: rows x n and rows x m. */
  constraintsJacobianX(x: Float64Array, y: Float64Array, out?: Float64Array): Float64Array;
  constraintsJacobianY(x: Float64Array, y: Float64Array, out?: Float64Array): Float64Array;
  readonly constraintKinds: readonly ("le" | "eq")[];
  readonly constraintNames: readonly string[];
}
export declare const upper: Level;
export declare const lower: Level;
`;
