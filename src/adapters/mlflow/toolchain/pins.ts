/** What the toolchain installs when PATH has nothing that will do. */
export const MLFLOW_VERSION = "3.17.2";
export const UV_VERSION = "0.13.9";

/** From here on `mlflow run --env-manager uv` works: 2.20 to 3.1 accept it and run in the wrong environment. */
export const OLDEST_WITH_UV: readonly [number, number] = [3, 2];

export const OLDEST_PYTHON: readonly [number, number] = [3, 10];

/** Whether "3.17.2" is at least [3, 2]. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [own, ownMinor] = [Number(match[1]), Number(match[2])];
  return own > major || (own === major && ownMinor >= minor);
}
