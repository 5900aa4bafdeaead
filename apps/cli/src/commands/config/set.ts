import { findSetting, refuseShownSecret, setSetting, unsetSetting } from '@ai-toolkit/toolkit/config';
import { type GlobalFlags, runBareCommand } from '../../run-command.js';
import { readStdin } from '../../stdin.js';
import { ask, canAsk } from '../../terminal.js';
import { configFileOf, noticeChange } from './config-file.js';

export function configSet(name: string, value: string | undefined, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output, signal }) => {
    const { setting } = findSetting(name);
    if (value !== undefined && value !== '-') refuseShownSecret(setting, value);
    const text =
      value === undefined || value === '-' ? await readValue(name, setting.secret, globals, signal) : value;
    const file = configFileOf(globals);
    const change = await setSetting({ file, profile: globals.profile }, name, text);
    output.result({ setting: name, file }, '');
    output.notice(`${name} is set in ${file}.`);
    noticeChange(change, file, output);
    return undefined;
  });
}

export function configUnset(name: string, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const file = configFileOf(globals);
    const change = await unsetSetting({ file, profile: globals.profile }, name);
    output.result({ setting: name, file }, '');
    output.notice(`${name} is removed from ${file}.`);
    noticeChange(change, file, output);
    return undefined;
  });
}

async function readValue(
  name: string,
  isSecret: boolean,
  globals: GlobalFlags,
  signal: AbortSignal,
): Promise<string> {
  if (canAsk(globals)) {
    const message = `${name}:`;
    return ask((clack) => (isSecret ? clack.password({ message }) : clack.text({ message })));
  }
  if (globals.input === false || process.stdin.isTTY === true)
    throw new TypeError(
      `There is no value for ${name}: give it on stdin${isSecret ? '' : ' or as an argument'}.`,
    );
  const text = (await readStdin(signal)).replace(/\r?\n$/, '');
  if (text === '')
    throw new TypeError(
      `The value of ${name} on stdin is empty. To remove it: ai-toolkit config unset ${name}`,
    );
  return text;
}
