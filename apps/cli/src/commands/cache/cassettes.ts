import { type CassetteProblem, exportCassettes, importCassettes } from '@ai-toolkit/ai-client';
import { exitCode } from '../../exit-code.js';
import { requirePath } from '../../named-file.js';
import type { Output } from '../../output/output.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';

export function cacheExport(dir: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    const { files, problems } = await exportCassettes(await toolkit.cache(), dir, { signal });
    output.result({ dir, files, problems: problems.map(plain) }, `${files.length} written to ${dir}`);
    return tell(problems, output);
  });
}

export function cacheImport(dir: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    // A missing folder would count as empty, but is surely a typo.
    await requirePath(dir);
    const providers = (await toolkit.providers()).map(({ provider }) => provider);
    const { files, problems } = await importCassettes(dir, await toolkit.cache(), { providers, signal });
    output.result({ dir, files, problems: problems.map(plain) }, `${files.length} read from ${dir}`);
    return tell(problems, output);
  });
}

/** An unusable cassette does not affect the others, but makes the exit code a failure. */
function tell(problems: readonly CassetteProblem[], output: Output): number {
  for (const { name, error } of problems) output.notice(`${name}: ${error.message} ${error.hint}`);
  return problems.length === 0 ? exitCode.done : exitCode.failure;
}

function plain({ name, error }: CassetteProblem): object {
  return { name, code: error.code, message: error.message, hint: error.hint };
}
