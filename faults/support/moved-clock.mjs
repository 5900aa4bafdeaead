import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Preloaded into a program (`node --import`): shifts its wall clock by the offset in the file `MOVED_CLOCK_FILE`, ms. On SIGUSR2 it reads
 * the offset, as if someone had set the clock then, and confirms that in a `.set` file. As when a real clock is set, the monotonic clock
 * and timers are unaffected.
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
