/** The two back ends: `generated` evaluates text that we emit, `interpreted` never evaluates text. */
export { generated, generatedWith, sourceOf, statistics } from "./generated.js";
export { interpreted } from "./interpreted.js";
