/** Consecutive whole groups of events in one buffer. */
interface Block {
  /** Position of its first byte. */
  readonly start: number;
  readonly room: Uint8Array;
  /** Bytes of the buffer in use. */
  length: number;
}

const leastRoom = 4 * 1024;
const mostRoom = 64 * 1024;

/**
 * Bytes that arrive in groups, from position 0 on, stored in a few large buffers. Small groups are copied, so that the buffers they arrived
 * in are collected while young: with hundreds of streams, thousands of small objects would otherwise grow old. A group is never split.
 */
export class Blocks {
  private blocks: Block[] = [];
  /** Position after the last group. */
  end = 0;

  /** Position of the first byte still stored. */
  get start(): number {
    return this.blocks[0]?.start ?? this.end;
  }

  push(group: Uint8Array): void {
    const { length } = group;
    const tail = this.blocks.at(-1);
    if (tail !== undefined && tail.room.length - tail.length >= length) {
      tail.room.set(group, tail.length);
      tail.length += length;
    } else this.blocks.push(this.blockFor(group));
    this.end += length;
  }

  /** Whole groups from a group boundary on: all that lie in the same buffer. */
  from(position: number): Uint8Array | undefined {
    const block = this.blocks.findLast(({ start }) => start <= position);
    return block?.room.subarray(position - block.start, block.length);
  }

  /** Everything still stored, as one array, suitable for being kept for long. */
  all(): Uint8Array {
    const views = this.blocks.map(({ room, length }) => room.subarray(0, length));
    return views.length === 1 ? (views[0] as Uint8Array) : Buffer.concat(views);
  }

  /** Drops the buffers that lie entirely before a position. */
  dropBefore(position: number): void {
    const kept = this.blocks.findIndex(({ start, length }) => start + length > position);
    if (kept > 0) this.blocks.splice(0, kept);
  }

  /** The first group is stored as it came, since it is often the only one; so is a large one. */
  private blockFor(group: Uint8Array): Block {
    const start = this.end;
    if (start === 0 || group.length >= leastRoom) return { start, room: group, length: group.length };
    const room = Buffer.allocUnsafeSlow(Math.min(mostRoom, Math.max(leastRoom, start)));
    room.set(group);
    return { start, room, length: group.length };
  }
}
