/** Whole groups of events, one behind the other, in one piece of memory. */
interface Block {
  /** Position of its first byte. */
  readonly start: number;
  readonly room: Uint8Array;
  /** How much of the room is taken. */
  length: number;
}

const leastRoom = 4 * 1024;
const mostRoom = 64 * 1024;

/**
 * Bytes that come in groups, from position 0 on, kept in few pieces. Small groups are copied, so that what they came in is garbage while
 * it is young: hundreds of streams at once would otherwise make thousands of small objects old. A group is never cut in two.
 */
export class Blocks {
  private blocks: Block[] = [];
  /** Position behind the last group. */
  end = 0;

  /** Position of the first byte that is kept. */
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

  /** Whole groups from a position on, where one begins: all that are kept with it in one piece. */
  from(position: number): Uint8Array | undefined {
    const block = this.blocks.findLast(({ start }) => start <= position);
    return block?.room.subarray(position - block.start, block.length);
  }

  /** Everything that is kept, as one, which may be held for long. */
  all(): Uint8Array {
    const views = this.blocks.map(({ room, length }) => room.subarray(0, length));
    return views.length === 1 ? (views[0] as Uint8Array) : Buffer.concat(views);
  }

  /** Forgets what lies before a position, as far as nothing behind it is kept with it in one piece. */
  dropBefore(position: number): void {
    const kept = this.blocks.findIndex(({ start, length }) => start + length > position);
    if (kept > 0) this.blocks.splice(0, kept);
  }

  /** The first group is kept as it came, since it is often the only one; so is a large one. */
  private blockFor(group: Uint8Array): Block {
    const start = this.end;
    if (start === 0 || group.length >= leastRoom) return { start, room: group, length: group.length };
    const room = Buffer.allocUnsafeSlow(Math.min(mostRoom, Math.max(leastRoom, start)));
    room.set(group);
    return { start, room, length: group.length };
  }
}
