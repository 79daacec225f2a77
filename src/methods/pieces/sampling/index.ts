/** The sampling rules by id. */
import { averaged } from "./averaged.js";
import type { SamplingPiece } from "./field.js";
import { full } from "./full.js";
import { minibatch } from "./minibatch.js";
import { saga } from "./saga.js";
import { spider } from "./spider.js";
import { storm } from "./storm.js";

export const samplingRules: readonly SamplingPiece[] = [full, minibatch, averaged, saga, spider, storm];
