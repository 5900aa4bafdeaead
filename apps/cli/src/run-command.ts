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

/** Flags that every command takes, besides those of its output. */
export interface GlobalFlags extends OutputFlags {
  readonly config?: string;
  readonly profile?: string;
  /** False for `--no-input`: nothing is asked and stdin is not read. */
  readonly input?: boolean;
}

/** What a command works with that needs no configuration. */
export interface BareContext {
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a command works with. */
export interface Context extends BareContext {
  readonly toolkit: Toolkit;
}

/** Runs a command: wires the toolkit, closes it, and turns whatever happens into an exit code. */
export function runCommand(
  flags: GlobalFlags,
  command: (context: Context) => Promise<number | undefined>,
  options: ToolkitOptions = {},
): Promise<number> {
  return runBareCommand(flags, async (context) => {
    const loaded = await loadConfigOf(flags, context.output);
    await using toolkit = createToolkit(loaded, { isBrief: true, ...options });
    // Awaited here: the toolkit is closed when this returns.
    return await command({ ...context, toolkit });
  });
}

/** The same for a command that must work while the configuration does not. */
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

/** The configuration that the flags ask for; what is to be said of it goes to stderr. */
export async function loadConfigOf({ config, profile }: GlobalFlags, output: Output): Promise<LoadedConfig> {
  const loaded = await loadConfig({
    ...(config === undefined ? {} : { configFile: config }),
    ...(profile === undefined ? {} : { profile }),
  });
  output.detail(`configuration: ${loaded.files.length === 0 ? 'defaults' : loaded.files.join(', ')}`);
  for (const notice of loaded.notices) output.notice(notice);
  return loaded;
}
