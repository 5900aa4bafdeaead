import { readFile, writeFile } from 'node:fs/promises';
import { createRandom } from './create-random.js';

const PAGE = 4096;
const HEADER = 24;

/** Damages a file of pages at random, as determined by the seed, and returns a description. */
export async function damageFile(file: string, seed: number): Promise<string> {
  const random = createRandom(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const bytes = await readFile(file);
  const page = below(bytes.length / PAGE) * PAGE;
  const at = below(bytes.length);
  const length = Math.min(1 + below(2 * PAGE), bytes.length - at);
  const node = page + HEADER + bytes.readUInt16LE(page + HEADER);
  const ways: readonly [string, () => void][] = [
    [`cut at ${at}`, () => {}],
    [`${length} zeros at ${at}`, () => bytes.fill(0, at, at + length)],
    [`${length} times garbage at ${at}`, () => bytes.fill(below(256), at, at + length)],
    [`another bit at ${at}`, () => flip(bytes, at, below(8))],
    [`another bit in the header at ${page}`, () => flip(bytes, page + below(HEADER), below(8))],
    [`another bit in the first node at ${page}`, () => flip(bytes, node + below(40), below(8))],
    [`another bit in a meta page`, () => flip(bytes, below(2) * PAGE + below(160), below(8))],
    [
      `the page at ${page} elsewhere`,
      () => bytes.copy(bytes, below(bytes.length / PAGE) * PAGE, page, page + PAGE),
    ],
  ];
  const [what, change] = ways[seed % ways.length] ?? ['nothing', () => {}];
  change();
  await writeFile(file, what.startsWith('cut') ? bytes.subarray(0, at) : bytes);
  return what;
}

function flip(bytes: Buffer, at: number, bit: number): void {
  if (at < bytes.length) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
}
