import { entryOf } from './entry-of.js';

/** Values by lists of names; no joined key has to be built to look one up. */
export class ByNames<T> {
  private value: T | undefined;
  private readonly named: Map<string, ByNames<T>> = new Map();

  get(names: readonly string[]): T | undefined {
    let found: ByNames<T> | undefined = this;
    for (const name of names) found = found?.named.get(name);
    return found?.value;
  }

  set(names: readonly string[], value: T): void {
    let found: ByNames<T> = this;
    for (const name of names) found = entryOf(found.named, name, () => new ByNames<T>());
    found.value = value;
  }
}
