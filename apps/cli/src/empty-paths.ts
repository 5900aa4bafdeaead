import type { Command } from 'commander';

/** Matches the value names of options and arguments that take a path. */
const pathValue = /^[<[]?(?:file|dir)\b/;

/**
 * Refuses empty paths, typically from an unset variable in a script: they would mean the current folder, all of which
 * might be sent to a provider.
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
