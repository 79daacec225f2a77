import { entry } from "./entry.js";

export const methods = {} as const;
