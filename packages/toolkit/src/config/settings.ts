import { variables } from './environment.js';
import type { Kind, NumberRule, Rule, TableRule } from './kind.js';
import { configSchema } from './schema.js';

/** A setting as documented in the manual. */
export interface Setting {
  /** `cache.ttlMs`. */
  readonly path: string;
  readonly kind:
    | 'text'
    | 'number'
    | 'whole number'
    | 'true or false'
    | 'choice'
    | 'list of tables'
    | 'tables by name';
  readonly description: string;
  /** Shown only masked. */
  readonly secret: boolean;
  readonly default?: unknown;
  /** Values of a choice. */
  readonly values?: readonly string[];
  /** Required form of a text, such as a URL. */
  readonly form?: string;
  /** Environment variable that provides it. */
  readonly variable?: string;
  /** Bounds of a number. */
  readonly bounds?: string;
  /** The settings of one of its tables. */
  readonly fields?: readonly Setting[];
}

/** A table of the configuration. */
export interface SettingGroup {
  /** Empty for the settings before all tables. */
  readonly name: string;
  readonly description: string;
  readonly settings: readonly Setting[];
}

let groups: readonly SettingGroup[] | undefined;

/** All settings, derived from the schema. */
export function settingGroups(): readonly SettingGroup[] {
  groups ??= readGroups(configSchema);
  return groups;
}

/** Every setting of every table. */
export function findSettings(): readonly Setting[] {
  return settingGroups().flatMap(({ settings }) => settings);
}

/** The setting at a path; a path into tables with user-chosen names resolves to their setting. */
export function settingAt(path: readonly string[]): Setting | undefined {
  const all = findSettings();
  const whole = all.find((setting) => setting.path === path.join('.'));
  return whole ?? all.find((setting) => setting.kind === 'tables by name' && setting.path === path[0]);
}

function readGroups({ fields }: TableRule): readonly SettingGroup[] {
  const entries = Object.entries(fields);
  return [
    {
      name: '',
      description: '',
      settings: entries.flatMap(([name, kind]) =>
        kind.rule.type === 'table' ? [] : [readSetting(name, kind)],
      ),
    },
    ...entries.flatMap(([name, { description, rule }]) =>
      rule.type === 'table' ? [{ name, description, settings: settingsOf(rule, `${name}.`) }] : [],
    ),
  ];
}

function settingsOf({ fields }: TableRule, prefix: string): readonly Setting[] {
  return Object.entries(fields).map(([name, kind]) => readSetting(`${prefix}${name}`, kind, prefix !== ''));
}

function readSetting(path: string, { description, rule, fallback }: Kind<unknown>, isWhole = true): Setting {
  const variable = isWhole ? variables.find(([, setting]) => setting === path)?.[0] : undefined;
  const bounds = rule.type === 'number' ? boundsOf(rule) : undefined;
  return {
    path,
    kind: kindOf(rule),
    description,
    secret: rule.type === 'text' && rule.isSecret,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(rule.type === 'choice' ? { values: rule.values } : {}),
    ...(rule.type === 'text' && rule.form !== undefined ? { form: rule.form } : {}),
    ...(variable === undefined ? {} : { variable }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(rule.type === 'list' || rule.type === 'tables' ? { fields: settingsOf(rule.of, '') } : {}),
  };
}

function kindOf(rule: Rule): Setting['kind'] {
  switch (rule.type) {
    case 'text':
    case 'choice':
      return rule.type;
    case 'number':
      return rule.isWhole ? 'whole number' : 'number';
    case 'flag':
      return 'true or false';
    case 'list':
      return 'list of tables';
    case 'table':
    case 'tables':
      return 'tables by name';
  }
}

function boundsOf({ least, isAboveLeast, most }: NumberRule): string | undefined {
  // Bounds that only reflect the range of the number type are omitted.
  const upper = most >= 2 ** 31 - 1 ? undefined : most;
  const lower = isAboveLeast ? `more than ${least}` : String(least);
  if (upper !== undefined) return `${lower}${isAboveLeast ? ', up' : ''} to ${upper}`;
  return isAboveLeast ? lower : `${lower} or more`;
}
