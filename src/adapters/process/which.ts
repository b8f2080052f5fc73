import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, relative } from "node:path";

/**
 * The absolute path of a program on a PATH, or undefined. Entries that are relative or lie inside `outside` are passed
 * over, so that a repository cannot plant a program.
 */
export async function which(
  name: string,
  path: string | undefined,
  outside: string | undefined,
): Promise<string | undefined> {
  const suffixes = process.platform === "win32" ? [".exe"] : [""];
  const borders = outside === undefined ? [] : [outside, await realpath(outside).catch(() => outside)];
  for (const folder of (path ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const suffix of suffixes) {
      const file = join(folder, name + suffix);
      if (!(await isExecutable(file))) continue;
      const ways = [file, await realpath(file)];
      if (borders.some((border) => ways.some((way) => isInside(way, border)))) continue;
      return file;
    }
  }
  return undefined;
}

/** Whether a path lies in a folder or is the folder. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !/^\.\.[\\/]/.test(way) && !isAbsolute(way));
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
