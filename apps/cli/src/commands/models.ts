import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export function models({ provider }: { readonly provider?: string }, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const offered = await toolkit.models(provider);
    output.result({ models: offered }, table(offered.map(({ id, provider: name }) => [id, name])));
    if (offered.length === 0) output.notice('No provider lists a model.');
    return undefined;
  });
}
