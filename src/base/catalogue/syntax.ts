import { entry } from "./entry.js";

export const syntax = {} as const;
