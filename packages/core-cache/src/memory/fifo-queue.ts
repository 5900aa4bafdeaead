import type { MemoryNode } from './memory-node.js';

/** An intrusive doubly linked queue that knows its size: push at the head, take from the tail, remove anywhere. */
export class FifoQueue<V> {
  entries = 0;
  bytes = 0;
  #newest: MemoryNode<V> | undefined;
  #oldest: MemoryNode<V> | undefined;

  get oldest(): MemoryNode<V> | undefined {
    return this.#oldest;
  }

  push(node: MemoryNode<V>): void {
    node.queue = this;
    node.next = this.#newest;
    node.previous = undefined;
    if (this.#newest === undefined) this.#oldest = node;
    else this.#newest.previous = node;
    this.#newest = node;
    this.entries += 1;
    this.bytes += node.size;
  }

  remove(node: MemoryNode<V>): void {
    if (node.previous === undefined) this.#newest = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#oldest = node.previous;
    else node.next.previous = node.previous;
    node.previous = undefined;
    node.next = undefined;
    node.queue = undefined;
    this.entries -= 1;
    this.bytes -= node.size;
  }
}
