import { getSetting, listSettings, type SettingValue } from '@ai-toolkit/toolkit/config';
import { table } from '../../output/table.js';
import { type GlobalFlags, loadConfigOf, runBareCommand } from '../../run-command.js';

export function configList(globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const settings = listSettings(await loadConfigOf(globals, output));
    const rows = settings.map(({ path, value, source }) => [
      path,
      value === undefined ? '-' : textOf(value),
      source ?? 'default',
    ]);
    output.result({ settings }, table([['setting', 'value', 'from'], ...rows]));
    return undefined;
  });
}

export function configGet(name: string, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const setting = getSetting(await loadConfigOf(globals, output), name);
    output.result(setting, textOf(setting.value));
    return undefined;
  });
}

function textOf(value: SettingValue['value']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
