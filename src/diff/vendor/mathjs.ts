/** The parts of mathjs in use, as one bundled module (scripts/vendor.mjs): unbundled it takes a second to load. Import it lazily. */
export type { FunctionNode as FunctionNodeType, MathNode } from "mathjs";
export {
  ConditionalNode,
  ConstantNode,
  derivative,
  FunctionNode,
  OperatorNode,
  ParenthesisNode,
  parse,
  SymbolNode,
  simplifyCore,
} from "mathjs";
