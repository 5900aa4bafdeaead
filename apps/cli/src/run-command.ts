import { createToolkit, loadConfig, type Toolkit } from '@ai-toolkit/toolkit';
import { exitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { createOutput, type Output, type OutputFlags } from './output/output.js';
import { reportError } from './output/report-error.js';

/** Flags that every command takes, besides those of its output. */
export interface GlobalFlags extends OutputFlags {
  readonly config?: string;
  /** False for `--no-input`: nothing is asked and stdin is not read. */
  readonly input?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly toolkit: Toolkit;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs a command: wires the toolkit, closes it, and turns whatever happens into an exit code. */
export async function runCommand(
  flags: GlobalFlags,
  command: (context: Context) => Promise<number | undefined>,
): Promise<number> {
  const { signal, release } = onInterrupt();
  try {
    const loaded = await loadConfig(flags.config === undefined ? {} : { configFile: flags.config });
    await using toolkit = createToolkit(loaded, { isBrief: true });
    const output = createOutput(flags);
    output.detail(`configuration: ${loaded.files.length === 0 ? 'defaults' : loaded.files.join(', ')}`);
    return (await command({ toolkit, output, signal })) ?? exitCode.done;
  } catch (error) {
    return reportError(signal.aborted ? signal.reason : error, flags.json === true, flags.verbose === true);
  } finally {
    release();
  }
}
