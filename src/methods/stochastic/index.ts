/** Methods that read minibatches. */
import type { Method } from "../method.js";
import { alset } from "./alset.js";
import { amigo } from "./amigo.js";
import { bsa } from "./bsa.js";
import { f2sa } from "./f2sa.js";
import { f2saInner } from "./f2saInner.js";
import { f3sa } from "./f3sa.js";
import { fsla } from "./fsla.js";
import { mrbo } from "./mrbo.js";
import { saba } from "./saba.js";
import { soba } from "./soba.js";
import { srba } from "./srba.js";
import { stocbio } from "./stocbio.js";
import { sustain } from "./sustain.js";
import { ttsa } from "./ttsa.js";
import { vrbo } from "./vrbo.js";

export const stochastic: readonly Method[] = [
  saba,
  soba,
  srba,
  fsla,
  sustain,
  mrbo,
  vrbo,
  bsa,
  ttsa,
  alset,
  stocbio,
  amigo,
  f2sa,
  f3sa,
  f2saInner,
];
