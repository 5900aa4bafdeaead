import { exitCode } from '../exit-code.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export function diagnose(globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const checks = await toolkit.diagnose();
    const failed = checks.some(({ status }) => status === 'failure');
    const marks = {
      ok: output.style('green', 'ok     '),
      warning: output.style('yellow', 'warning'),
      failure: output.style('red', 'failure'),
    };
    const lines = checks.flatMap(({ name, status, detail, remedy }) => [
      `${marks[status]}  ${name}: ${detail}`,
      ...(remedy === undefined ? [] : [`         ${remedy}`]),
    ]);
    output.result({ healthy: !failed, checks }, lines.join('\n'));
    return failed ? exitCode.failure : exitCode.done;
  });
}
