import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onSources } from '@ai-toolkit/processes/on-sources';

export interface RunningScript {
  readonly process: ChildProcess;
  /** Resolves when the script has printed this line. */
  line(text: string): Promise<void>;
  /** Everything printed so far on stdout and stderr. */
  output(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Runs a script of `test/scripts` in a process of its own, against the sources. */
export function runScript(name: string, ...args: readonly string[]): RunningScript {
  return run(name, process.execPath, commandLine(name, args));
}

/** Like {@link runScript}, with a limit on the file size, in blocks of 512 bytes (or 1,024, depending on the shell). */
export function runLimitedScript(
  limits: { readonly fileBlocks: number },
  name: string,
  ...args: readonly string[]
): RunningScript {
  const command = `ulimit -f ${limits.fileBlocks} && exec "$@"`;
  return run(name, 'sh', ['-c', command, 'sh', process.execPath, ...commandLine(name, args)]);
}

function commandLine(name: string, args: readonly string[]): string[] {
  return [...onSources, fileURLToPath(new URL(`../scripts/${name}`, import.meta.url)), ...args];
}

function run(name: string, command: string, args: readonly string[]): RunningScript {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    child.emit('printed');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  return {
    process: child,
    ended,
    output: () => printed,
    async line(text) {
      while (!printed.split('\n').includes(text)) {
        const over = await Promise.race([once(child, 'printed').then(() => false), ended.then(() => true)]);
        if (over && !printed.split('\n').includes(text))
          throw new Error(`${name} ended without "${text}": ${printed}`);
      }
    },
  };
}
