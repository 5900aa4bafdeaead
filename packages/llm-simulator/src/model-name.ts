/** Whether a model is meant by a name; a `*` at the end of the name stands for any rest. */
export function meansModel(name: string, model: string): boolean {
  return isFamily(name) ? model.startsWith(name.slice(0, -1)) : model === name;
}

/** A name that stands for many models, and so is none to be listed. */
export function isFamily(name: string): boolean {
  return name.endsWith('*');
}
