import type { Command } from 'commander';

/** Options and arguments that take the path of something, by how their values are named. */
const pathValue = /^[<[]?(?:file|dir)\b/;

/**
 * Refuses an empty path, which is a variable of a script that was never set: it would be taken for the current folder, and all of that be
 * sent to a provider.
 */
export function refuseEmptyPaths(command: Command): void {
  const given: Readonly<Record<string, unknown>> = command.optsWithGlobals();
  for (let holder: Command | null = command; holder !== null; holder = holder.parent) {
    for (const option of holder.options) {
      const [, value = ''] = /([<[].*)$/.exec(option.flags) ?? [];
      if (pathValue.test(value) && [given[option.attributeName()]].flat().includes(''))
        refuse(command, option.flags);
    }
  }
  for (const [index, argument] of command.registeredArguments.entries())
    if (pathValue.test(argument.name()) && command.args[index] === '') refuse(command, argument.name());
}

function refuse(command: Command, name: string): never {
  command.error(`error: the path of '${name}' is empty`, { exitCode: 2 });
}
