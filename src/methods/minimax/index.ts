/** Methods for games f = -g. */
import type { Method } from "../method.js";
import { extragradient } from "./extragradient.js";
import { gda } from "./gda.js";
import { ogda } from "./ogda.js";
import { ttGda } from "./ttGda.js";

export const minimax: readonly Method[] = [gda, ttGda, extragradient, ogda];
