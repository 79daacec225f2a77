/** Methods that read minibatches. */
import type { Method } from "../method.js";
import { fsla } from "./fsla.js";
import { mrbo } from "./mrbo.js";
import { saba } from "./saba.js";
import { soba } from "./soba.js";
import { srba } from "./srba.js";
import { sustain } from "./sustain.js";
import { vrbo } from "./vrbo.js";

export const stochastic: readonly Method[] = [saba, soba, srba, fsla, sustain, mrbo, vrbo];
