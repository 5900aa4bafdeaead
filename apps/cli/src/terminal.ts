import { Interrupted } from './interrupt.js';
import type { GlobalFlags } from './run-command.js';

/** Whether a person is at both ends, and no flag says otherwise. */
export function isLive({ input, json }: GlobalFlags): boolean {
  return input !== false && json !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Whether this person can be asked: the prompts draw over what they have drawn, which a dumb terminal does not. */
export function canAsk(globals: GlobalFlags): boolean {
  return isLive(globals) && process.env.TERM !== 'dumb';
}

/** A terminal that does not say how large it is, as that of a program often does not, is taken for a common one. */
export function assumeSize({ stdout }: { readonly stdout: NodeJS.WriteStream } = process): void {
  if (stdout.columns === 0) stdout.columns = 80;
  if (stdout.rows === 0) stdout.rows = 24;
}

/** The answer to a prompt; a Ctrl-C in it ends the command. */
export async function ask<T>(
  prompt: (clack: typeof import('@clack/prompts')) => Promise<T>,
): Promise<Exclude<T, symbol>> {
  assumeSize();
  const answer = await prompt(await import('@clack/prompts'));
  if (typeof answer === 'symbol') throw new Interrupted();
  return answer as Exclude<T, symbol>;
}

/**
 * Asks before something is lost. `isAgreed` is a `--yes`. Fails when the answer is no, and with a `TypeError` where nobody can be asked,
 * since no answer is no consent.
 */
export async function confirm(question: string, isAgreed: boolean, globals: GlobalFlags): Promise<void> {
  if (isAgreed) return;
  if (!canAsk(globals)) throw new TypeError(`${question} There is nobody to ask here: use --yes.`);
  if (!(await ask(({ confirm: prompt }) => prompt({ message: question, initialValue: false }))))
    throw new Error('Nothing was changed.');
}
