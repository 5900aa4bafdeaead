import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Loaded before a program (`node --import`): its wall clock goes ahead of the machine's by what a file says, ms. It reads the file
 * anew at SIGUSR2, as if somebody had set the clock then, and says so in another. The monotonic clock and timers go on, as they do when
 * a clock is set.
 */
const RealDate = Date;
let aheadMs = 0;

process.on('SIGUSR2', () => {
  const text = readFileSync(process.env.MOVED_CLOCK_FILE, 'utf8');
  aheadMs = Number(text);
  writeFileSync(`${process.env.MOVED_CLOCK_FILE}.set`, text);
});

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + aheadMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};
