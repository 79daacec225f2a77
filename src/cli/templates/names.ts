/** Names of the templates of `blo init`, apart from their texts so that help need not load these. */
export const templateNames = ["default", "duopoly", "followers", "inverse", "minimax", "ridge", "toll"] as const;

export type TemplateName = (typeof templateNames)[number];
