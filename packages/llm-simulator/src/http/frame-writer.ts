import type { Fault } from '../faults/fault.js';
import { createRandom, pickIndex, type Random } from '../random.js';
import type { Outlet } from './outlet.js';

const BATCH_CHARACTERS = 16_384;
const MAX_RANDOM_PIECE_BYTES = 48;

/** Writes text in the portions that a fault prescribes, otherwise in few large writes. */
export interface PortionWriter {
  /** Adds one event or piece. Resolves to false if the reader has left. */
  add(text: string): Promise<boolean> | boolean;
  flush(): Promise<boolean> | boolean;
}

/** `immediate`: every added text leaves at once, as for a paced stream. */
export function createPortionWriter(outlet: Outlet, fault: Fault, immediate: boolean): PortionWriter {
  let batch = fault.bom === true ? '\uFEFF' : '';
  let events = 0;
  const random = createRandom(fault.splitSeed ?? 1);
  const flush = (): Promise<boolean> | boolean => {
    if (batch === '') return !outlet.gone;
    const text = batch;
    batch = '';
    events = 0;
    return fault.split === undefined
      ? outlet.write(text)
      : writeSplit(outlet, Buffer.from(text), fault.split, random);
  };
  return {
    add(text) {
      batch += text;
      events += 1;
      const full =
        fault.framesPerWrite === undefined
          ? immediate || batch.length >= BATCH_CHARACTERS
          : events >= fault.framesPerWrite;
      return full || fault.split !== undefined ? flush() : true;
    },
    flush,
  };
}

async function writeSplit(
  outlet: Outlet,
  bytes: Buffer,
  split: 'byte' | 'random',
  random: Random,
): Promise<boolean> {
  let start = 0;
  while (start < bytes.length) {
    const size = split === 'byte' ? 1 : 1 + pickIndex(random, MAX_RANDOM_PIECE_BYTES);
    if (!(await outlet.write(bytes.subarray(start, start + size)))) return false;
    // Writes in the same turn would be merged on their way out.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    start += size;
  }
  return true;
}
