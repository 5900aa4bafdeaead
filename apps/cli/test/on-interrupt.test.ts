import { expect, it } from 'vitest';
import { onInterrupt } from '../src/interrupt.js';

it('listens for nothing any more once it is released', () => {
  const count = (): number[] => [
    ...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal)),
    ...[process.stdout, process.stderr].map((stream) => stream.listenerCount('error')),
  ];
  const before = count();
  const { release } = onInterrupt();
  expect(count()).toEqual(before.map((number) => number + 1));
  release();
  expect(count()).toEqual(before);
});
