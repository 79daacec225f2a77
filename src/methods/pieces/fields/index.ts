/** The fields that sampling rules estimate, by id. */
import type { FieldPiece } from "./field.js";
import { joint } from "./joint.js";
import { neumann, randomNeumann } from "./neumann.js";

export const fields: readonly FieldPiece[] = [joint, neumann, randomNeumann];
