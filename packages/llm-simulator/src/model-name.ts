/** Whether a name matches a model; a `*` at the end of the name matches any rest. */
export function meansModel(name: string, model: string): boolean {
  return isFamily(name) ? model.startsWith(name.slice(0, -1)) : model === name;
}

/** Whether a name stands for many models and is therefore not listed. */
export function isFamily(name: string): boolean {
  return name.endsWith('*');
}
