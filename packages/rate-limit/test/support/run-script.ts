import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onSources } from '@ai-toolkit/processes/on-sources';

export interface RunningScript {
  readonly process: ChildProcess;
  /** Resolves with the rest of the first line printed that starts with `beginning`. */
  line(beginning: string): Promise<string>;
  /** Sends it a line. */
  tell(text: string): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Runs a script of `test/scripts` in a process of its own, against the sources; with an IPC channel. */
export function runScript(name: string, ...args: readonly string[]): RunningScript {
  const child = fork(fileURLToPath(new URL(`../scripts/${name}`, import.meta.url)), args, {
    execArgv: [...onSources],
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    child.emit('printed');
  });
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  return {
    process: child,
    ended,
    tell: (text) => child.stdin?.write(`${text}\n`),
    async line(beginning) {
      for (;;) {
        const found = printed
          .split('\n')
          .slice(0, -1)
          .find((one) => one.startsWith(beginning));
        if (found !== undefined) return found.slice(beginning.length);
        const isOver = await Promise.race([once(child, 'printed').then(() => false), ended.then(() => true)]);
        if (isOver && !printed.includes(`${beginning}`))
          throw new Error(`${name} ended without "${beginning}": ${printed}`);
      }
    },
  };
}
