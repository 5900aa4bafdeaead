import { ConfigError } from '../../errors.js';
import { valueAt } from '../layer.js';
import type { LoadedConfig } from '../load.js';
import { findSettings, type Setting } from '../settings.js';
import { maskSecret } from './mask.js';
import { findSetting } from './setting-path.js';

/** The current value of a setting. */
export interface SettingValue {
  readonly path: string;
  /** Absent if the setting has neither a value nor a default. Secrets are masked. */
  readonly value?: unknown;
  /** The source of the value; absent for a default. */
  readonly source?: string;
  readonly description: string;
}

/** Every setting with its value and source. Secrets are masked. */
export function listSettings(loaded: Pick<LoadedConfig, 'config' | 'sources'>): readonly SettingValue[] {
  return findSettings().map((setting) => readSetting(loaded, setting, setting.path.split('.')));
}

/** A single setting. Fails with `CONFIG_SETTING_UNKNOWN`, or with `CONFIG_SETTING_UNSET` if it has no value. */
export function getSetting(loaded: Pick<LoadedConfig, 'config' | 'sources'>, name: string): SettingValue {
  const { setting, path } = findSetting(name);
  const found = { ...readSetting(loaded, setting, path), path: name };
  if (found.value !== undefined) return found;
  throw new ConfigError('CONFIG_SETTING_UNSET', `${name} is not set. ${setting.description}`, {
    hint: `Set it: ai-toolkit config set ${name}`,
  });
}

function readSetting(
  { config, sources }: Pick<LoadedConfig, 'config' | 'sources'>,
  { path: name, description, secret }: Setting,
  path: readonly string[],
): SettingValue {
  const value = valueAt({ ...config }, path);
  const source = sources.find(({ layer }) => valueAt(layer, path) !== undefined)?.name;
  return {
    path: name,
    ...(value === undefined ? {} : { value: secret ? maskSecret(String(value)) : value }),
    ...(source === undefined ? {} : { source }),
    description,
  };
}
