import type { GlobalFlags } from '../run-command.js';
import type { Output } from './output.js';

/** Shows the progress of long-running work on stderr. */
export interface Progress extends Disposable {
  /** The current step: an animated line on a terminal, a plain one elsewhere. */
  step(text: string): void;
  /** Updates the current line; only where it can be replaced. */
  update(text: string): void;
  /** Prints a permanent line, like `output.notice`. */
  notice(text: string): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const clearLine = '\r\u001b[K';

/** Must be disposed of before the result is printed. Animated only if stderr is a terminal that can clear a line. */
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
    // A wrapped line could not be cleared. Assume 80 columns if the terminal does not report its width.
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
    // Called for each piece of a text, so it is drawn only with the next frame.
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
