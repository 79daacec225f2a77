/** Why a file cannot be read or written, in words: the codes that systems give. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ENOTDIR: "a part of the path is no directory",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "too many symbolic links",
  ENOSPC: "no space is left",
  EROFS: "the file system is read-only",
};

/** What went wrong with a file, by the error that the system gave. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return code !== undefined && Object.hasOwn(reasons, code) ? reasons[code] : (message ?? String(error));
}
