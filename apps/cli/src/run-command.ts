import {
  createToolkit,
  type LoadedConfig,
  loadConfig,
  type Toolkit,
  type ToolkitOptions,
} from '@ai-toolkit/toolkit';
import { exitCode } from './exit-code.js';
import { onInterrupt, ReaderLeft } from './interrupt.js';
import { createOutput, type Output, type OutputFlags } from './output/output.js';
import { reportError } from './output/report-error.js';

/** Flags of every command. */
export interface GlobalFlags extends OutputFlags {
  readonly config?: string;
  readonly profile?: string;
  /** False for `--no-input`: nothing is asked and stdin is not read. */
  readonly input?: boolean;
}

/** Context of a command that needs no configuration. */
export interface BareContext {
  readonly output: Output;
  /** Aborted by Ctrl-C, SIGTERM, or when the terminal or the reader of stdout goes away. */
  readonly signal: AbortSignal;
}

/** Context of a command. */
export interface Context extends BareContext {
  readonly toolkit: Toolkit;
}

/** Runs a command: creates and closes the toolkit, and converts the outcome to an exit code. */
export function runCommand(
  flags: GlobalFlags,
  command: (context: Context) => Promise<number | undefined>,
  options: ToolkitOptions = {},
): Promise<number> {
  return runBareCommand(flags, async (context) => {
    const loaded = await loadConfigOf(flags, context.output);
    await using toolkit = createToolkit(loaded, { isBrief: true, ...options });
    // Awaited here, since the toolkit is closed on return.
    return await command({ ...context, toolkit });
  });
}

/** The same for commands that must work with an invalid configuration. */
export async function runBareCommand(
  flags: GlobalFlags,
  command: (context: BareContext) => Promise<number | undefined>,
): Promise<number> {
  const { signal, release } = onInterrupt();
  try {
    return (await command({ output: createOutput(flags), signal })) ?? exitCode.done;
  } catch (error) {
    if (signal.reason instanceof ReaderLeft) return exitCode.done;
    return reportError(signal.aborted ? signal.reason : error, flags.json === true, flags.verbose === true);
  } finally {
    release();
  }
}

/** Loads the configuration selected by the flags; notices about it go to stderr. */
export async function loadConfigOf({ config, profile }: GlobalFlags, output: Output): Promise<LoadedConfig> {
  const loaded = await loadConfig({
    ...(config === undefined ? {} : { configFile: config }),
    ...(profile === undefined ? {} : { profile }),
  });
  output.detail(`configuration: ${loaded.files.length === 0 ? 'defaults' : loaded.files.join(', ')}`);
  for (const notice of loaded.notices) output.notice(notice);
  return loaded;
}
