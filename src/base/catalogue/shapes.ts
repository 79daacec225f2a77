import { entry } from "./entry.js";

export const shapes = {} as const;
