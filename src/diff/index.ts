/** Derivatives of graphs, as graphs. */
export { batched } from "./batch.js";
export { jvp } from "./forward.js";
export { hessian, jacobianRows } from "./jacobian.js";
export { gradient, vjp } from "./reverse.js";
export { cross, hvp } from "./second.js";
export { substitute } from "./substitute.js";
