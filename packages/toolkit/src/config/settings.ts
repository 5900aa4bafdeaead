import * as z from 'zod/mini';
import { variables } from './environment.js';
import { configSchema } from './schema.js';

/** One setting, as its manual has it. */
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
  /** Never shown. */
  readonly secret: boolean;
  readonly default?: unknown;
  /** Of a choice. */
  readonly values?: readonly string[];
  /** What a text must be, such as a URL. */
  readonly form?: string;
  /** Variable of the environment that sets it. */
  readonly variable?: string;
  /** Least and most, of a number. */
  readonly bounds?: string;
  /** The settings of one of its tables. */
  readonly fields?: readonly Setting[];
}

/** A table of the configuration. */
export interface SettingGroup {
  /** Empty for what stands before all tables. */
  readonly name: string;
  readonly description: string;
  readonly settings: readonly Setting[];
}

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly secret?: boolean;
  readonly form?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

let groups: readonly SettingGroup[] | undefined;

/** All settings, read off the schema. */
export function settingGroups(): readonly SettingGroup[] {
  groups ??= readGroups(z.toJSONSchema(configSchema, { io: 'input' }) as Node);
  return groups;
}

/** Every setting of every table. */
export function findSettings(): readonly Setting[] {
  return settingGroups().flatMap(({ settings }) => settings);
}

/** The setting of a path; a path into the tables of a list or a record belongs to that. */
export function settingAt(path: readonly string[]): Setting | undefined {
  const all = findSettings();
  const whole = all.find((setting) => setting.path === path.join('.'));
  return whole ?? all.find((setting) => setting.kind === 'tables by name' && setting.path === path[0]);
}

function readGroups(root: Node): readonly SettingGroup[] {
  const entries = Object.entries(root.properties ?? {});
  const top = entries.filter(([, node]) => node.properties === undefined);
  const tables = entries.filter(([, node]) => node.properties !== undefined);
  return [
    { name: '', description: '', settings: top.map(([name, node]) => readSetting(name, node)) },
    ...tables.map(([name, node]) => ({
      name,
      description: node.description ?? '',
      settings: Object.entries(node.properties ?? {}).map(([key, child]) =>
        readSetting(`${name}.${key}`, child),
      ),
    })),
  ];
}

function readSetting(path: string, node: Node, isWhole = true): Setting {
  const variable = isWhole ? variables.find(([, setting]) => setting === path)?.[0] : undefined;
  const bounds = boundsOf(node);
  const fields = node.items?.properties ?? (node.additionalProperties as Node | undefined)?.properties;
  return {
    path,
    kind: kindOf(node),
    description: node.description ?? '',
    secret: node.secret === true,
    ...(node.default === undefined ? {} : { default: node.default }),
    ...(node.enum === undefined ? {} : { values: node.enum }),
    ...(node.form === undefined ? {} : { form: node.form }),
    ...(variable === undefined ? {} : { variable }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(fields === undefined
      ? {}
      : { fields: Object.entries(fields).map(([name, child]) => readSetting(name, child, false)) }),
  };
}

function kindOf(node: Node): Setting['kind'] {
  if (node.enum !== undefined) return 'choice';
  switch (node.type) {
    case 'number':
      return 'number';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'list of tables';
    case 'object':
      return 'tables by name';
    default:
      return 'text';
  }
}

function boundsOf({
  minimum,
  exclusiveMinimum,
  maximum = Number.POSITIVE_INFINITY,
}: Node): string | undefined {
  // A bound that only says what a number can be is none.
  const most = maximum >= 2 ** 31 - 1 ? '' : String(maximum);
  const least = exclusiveMinimum === undefined ? String(minimum ?? '') : `more than ${exclusiveMinimum}`;
  if (least === '' && most === '') return undefined;
  return most === '' ? `${least}${exclusiveMinimum === undefined ? ' or more' : ''}` : `${least} to ${most}`;
}
