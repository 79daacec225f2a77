/** The sampling rules by id. */
import type { SamplingPiece } from "./field.js";
import { full } from "./full.js";
import { minibatch } from "./minibatch.js";
import { saga } from "./saga.js";
import { spider } from "./spider.js";
import { storm } from "./storm.js";

export const samplingRules: readonly SamplingPiece[] = [full, minibatch, saga, spider, storm];
