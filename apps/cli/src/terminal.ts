import { Interrupted } from './interrupt.js';
import type { GlobalFlags } from './run-command.js';

/** Whether stdin and stdout are terminals, and no flag says otherwise. */
export function isLive({ input, json }: GlobalFlags): boolean {
  return input !== false && json !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Whether the user can be prompted: prompts redraw their lines, which a dumb terminal cannot do. */
export function canAsk(globals: GlobalFlags): boolean {
  return isLive(globals) && process.env.TERM !== 'dumb';
}

/** Assumes a common size for terminals that report none, as emulated ones often do. */
export function assumeSize({ stdout }: { readonly stdout: NodeJS.WriteStream } = process): void {
  if (stdout.columns === 0) stdout.columns = 80;
  if (stdout.rows === 0) stdout.rows = 24;
}

/** Shows a prompt and returns the answer; Ctrl-C ends the command. */
export async function ask<T>(
  prompt: (clack: typeof import('@clack/prompts')) => Promise<T>,
): Promise<Exclude<T, symbol>> {
  assumeSize();
  const answer = await prompt(await import('@clack/prompts'));
  if (typeof answer === 'symbol') throw new Interrupted();
  return answer as Exclude<T, symbol>;
}

/**
 * Asks for confirmation before data is lost. `isAgreed` is `--yes`. Fails if the answer is no, and with a `TypeError`
 * if nobody can be asked, since no answer is no consent.
 */
export async function confirm(question: string, isAgreed: boolean, globals: GlobalFlags): Promise<void> {
  if (isAgreed) return;
  if (!canAsk(globals)) throw new TypeError(`${question} There is nobody to ask here: use --yes.`);
  if (!(await ask(({ confirm: prompt }) => prompt({ message: question, initialValue: false }))))
    throw new Error('Nothing was changed.');
}
