import { entry } from "./entry.js";

export const text = {} as const;
