import type { GlobalFlags } from '../run-command.js';
import type { Output } from './output.js';

/** Tells on stderr how long work goes on. */
export interface Progress extends Disposable {
  /** What is being done now: a line that moves on a terminal, and a plain one elsewhere. */
  step(text: string): void;
  /** How far it is; only where it can replace what was said before. */
  update(text: string): void;
  /** A line that stays, as `output.notice` prints it. */
  notice(text: string): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const clearLine = '\r\u001b[K';

/** To be disposed of before the result is printed. Animated only where stderr is a terminal that can clear a line. */
export function createProgress(output: Output, { quiet }: GlobalFlags): Progress {
  const { stderr } = process;
  if (quiet === true || stderr.isTTY !== true || process.env.TERM === 'dumb') {
    return {
      step: output.notice,
      update: () => undefined,
      notice: output.notice,
      [Symbol.dispose]: () => undefined,
    };
  }
  let current = '';
  let frame = 0;
  const draw = (): void => {
    if (current === '') return;
    // A line that wraps could not be cleared. A terminal that does not say how wide it is, is taken for a common one.
    const room = Math.max(0, (stderr.columns || 80) - 3);
    stderr.write(
      `${clearLine}${frames[frame % frames.length] ?? ''} ${[...current].slice(0, room).join('')}`,
    );
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, frameMs).unref();
  return {
    step(text) {
      current = text;
      draw();
    },
    // Said for each piece of a text, and drawn with the next frame.
    update(text) {
      current = text;
    },
    notice(text) {
      stderr.write(clearLine);
      output.notice(text);
      draw();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      if (current !== '') stderr.write(clearLine);
      current = '';
    },
  };
}
