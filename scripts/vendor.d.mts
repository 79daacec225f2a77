export const vendorEntry: RegExp;
export function bundleVendor(entry: string): Promise<string>;
