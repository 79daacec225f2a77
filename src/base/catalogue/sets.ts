import { entry } from "./entry.js";

export const sets = {} as const;
