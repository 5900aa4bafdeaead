import { completionScript, type Shell } from '../completion/scripts.js';
import { type GlobalFlags, runBareCommand } from '../run-command.js';

export function completion(shell: Shell, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const script = completionScript(shell);
    output.result({ shell, script }, script.trimEnd());
    return undefined;
  });
}
