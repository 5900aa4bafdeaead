/** The settings given by one source, as written. */
export type Layer = Readonly<Record<string, unknown>>;

/** A source of settings. */
export interface ConfigSource {
  /** `the command line`, `the environment`, or a file. */
  readonly name: string;
  /** Kind of the source. */
  readonly kind: 'flags' | 'environment' | 'project' | 'profile' | 'user';
  readonly layer: Layer;
}

export function isSection(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Merges two layers; `above` takes precedence, setting by setting. */
export function mergeLayers(below: Layer, above: Layer): Layer {
  const result: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const before = result[name];
    result[name] = isSection(before) && isSection(value) ? mergeLayers(before, value) : (value ?? before);
  }
  return result;
}

/** The value at a path; `undefined` if there is none. */
export function valueAt(layer: Layer, path: readonly PropertyKey[]): unknown {
  let value: unknown = layer;
  for (const name of path) {
    if (Array.isArray(value) && typeof name === 'number') value = value[name];
    else if (isSection(value) && Object.hasOwn(value, name)) value = value[String(name)];
    else return undefined;
  }
  return value;
}

/** A copy of the layer with another value at a path; `undefined` removes it, along with tables that become empty. */
export function withValueAt(layer: Layer, [name, ...rest]: readonly string[], value: unknown): Layer {
  if (name === undefined) return layer;
  const { [name]: before, ...others } = layer;
  const after = rest.length === 0 ? value : withValueAt(isSection(before) ? before : {}, rest, value);
  const isGone =
    after === undefined || (value === undefined && isSection(after) && Object.keys(after).length === 0);
  if (isGone) return others;
  return name in layer
    ? Object.fromEntries(Object.entries(layer).map(([key, old]) => [key, key === name ? after : old]))
    : { ...layer, [name]: after };
}

/** Every value that is not a table, with its path. */
export function leavesOf(
  layer: Layer,
  before: readonly string[] = [],
): (readonly [path: readonly string[], value: unknown])[] {
  return Object.entries(layer).flatMap(([name, value]) => {
    const path = [...before, name];
    return isSection(value) ? leavesOf(value, path) : [[path, value] as const];
  });
}
