/**
 * Python's `math.isclose`: |a − b| ≤ max(rel · max(|a|, |b|), abs), symmetric, in exactly CPython's order of steps
 * (https://github.com/python/cpython/blob/v3.11.7/Modules/mathmodule.c, `math_isclose_impl`).
 *
 * @param relative relative tolerance, not negative
 * @param absolute absolute tolerance in the metric's own unit, not negative
 * @throws RangeError when a tolerance is negative, as Python's ValueError
 */
export function isClose(a: number, b: number, relative: number, absolute: number): boolean {
  if (relative < 0 || absolute < 0) throw new RangeError("tolerances must be non-negative");
  if (a === b) return true;
  if (Math.abs(a) === Number.POSITIVE_INFINITY || Math.abs(b) === Number.POSITIVE_INFINITY) return false;
  const difference = Math.abs(b - a);
  return difference <= Math.abs(relative * b) || difference <= Math.abs(relative * a) || difference <= absolute;
}
