/** Normalises a vector to length 1, so that inner products are cosines; `undefined` if it has no direction. */
export function unitVector(values: ArrayLike<number> | undefined): Float32Array | undefined {
  if (values === undefined || values.length === 0) return undefined;
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] ?? Number.NaN) ** 2;
  const length = Math.sqrt(squares);
  if (!(length > 0 && Number.isFinite(length))) return undefined;
  return Float32Array.from(values, (value) => value / length);
}
