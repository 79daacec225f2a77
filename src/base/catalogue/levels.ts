import { entry } from "./entry.js";

export const levels = {} as const;
