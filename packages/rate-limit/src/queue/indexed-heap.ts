/** A binary heap that can also remove an item from its middle, so that a caller that gives up leaves nothing behind. */
export class IndexedHeap<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  /** In no particular order. */
  values(): Iterable<T> {
    return this.#items.values();
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1, item);
  }

  remove(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    this.#places.delete(item);
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      this.#sink(place, last);
      if (this.#items[place] === last) this.#rise(place, last);
    }
    return true;
  }

  #rise(from: number, item: T): void {
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#items[parentPlace];
      if (parent === undefined || !this.#before(item, parent)) break;
      this.#put(place, parent);
      place = parentPlace;
    }
    this.#put(place, item);
  }

  #sink(from: number, item: T): void {
    let place = from;
    for (;;) {
      const leftPlace = 2 * place + 1;
      const left = this.#items[leftPlace];
      if (left === undefined) break;
      const right = this.#items[leftPlace + 1];
      const rightIsFirst = right !== undefined && this.#before(right, left);
      const child = rightIsFirst ? right : left;
      if (!this.#before(child, item)) break;
      this.#put(place, child);
      place = rightIsFirst ? leftPlace + 1 : leftPlace;
    }
    this.#put(place, item);
  }

  #put(place: number, item: T): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }
}
