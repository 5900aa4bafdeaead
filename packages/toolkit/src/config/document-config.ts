import { variables } from './environment.js';
import { type OlderName, olderKeys, olderVariables } from './older-names.js';
import { type Setting, type SettingGroup, settingGroups } from './settings.js';

/** The manual of the configuration, as Markdown: `docs/configuration.md` is this text. */
export function documentConfig(): string {
  return [
    '# Configuration',
    '',
    'Made from the schema in `packages/toolkit/src/config` by `node packages/toolkit/scripts/document-config.ts`; a test holds the two together.',
    '',
    'Everything has a default. The strongest first: flags of the command, the environment, `ai-toolkit.toml` in the current folder',
    "(only `model`, `maxTokens`, `temperature`, `cache` and `limits`: such a file may come with somebody else's checkout), your own",
    '`config.toml` and in it the profile that is chosen, defaults. `ai-toolkit config path` says where your file is,',
    '`ai-toolkit config list` what holds and why, `ai-toolkit config validate` what is wrong with it.',
    '',
    '```toml',
    'model = "gpt-4o-mini"',
    '',
    '[openai]',
    'baseUrl = "http://127.0.0.1:8080/v1"',
    '',
    '[profiles.work] # taken with --profile work, or AI_TOOLKIT_PROFILE=work',
    'model = "gpt-4o"',
    '',
    '[profiles.work.cache]',
    'keepRequests = true',
    '```',
    '',
    'A profile may hold every setting of this page, and says only what differs.',
    '',
    ...settingGroups().flatMap(documentGroup),
    '## Variables of the environment',
    '',
    ...markdownTable(
      ['variable', 'setting'],
      [
        ['`AI_TOOLKIT_HOME`', 'folder of all state; default: the XDG folders'],
        ['`AI_TOOLKIT_PROFILE`', 'profile of your configuration file'],
        ...variables.map(([name, setting]) => [code(name), code(setting)]),
      ],
    ),
    '',
    '## Older names',
    '',
    'Names of other tools and of older versions are read where they mean the same, with a notice on stderr; the newer name wins.',
    '`ai-toolkit config validate --fix` writes them anew in your file. Every key of a file may also be in snake_case, such as `api_key`,',
    '`base_url` or `max_tokens`. `PORT` and `HOST` are not read: other programs give them another meaning.',
    '',
    ...markdownTable(['variable', 'read as'], olderVariables.map(documentOlder)),
    '',
    ...markdownTable(['key of a file', 'read as'], olderKeys.map(documentOlder)),
    '',
  ].join('\n');
}

function documentGroup({ name, description, settings }: SettingGroup): string[] {
  const title = name === '' ? 'Before all tables' : code(`[${name}]`);
  return [
    `## ${title}`,
    '',
    ...(description === '' ? [] : [description, '']),
    ...documentSettings(settings, name === '' ? '' : `${name}.`),
    '',
    ...settings.flatMap(({ path, fields = [] }) =>
      fields.length === 0
        ? []
        : [`Each table of ${code(path)}:`, '', ...documentSettings(fields, ''), '', ...nested(fields)],
    ),
  ];
}

/** Tables within the tables of a list. */
function nested(fields: readonly Setting[]): string[] {
  const [first] = fields.filter((field) => field.fields !== undefined);
  const names = fields.filter((field) => field.fields !== undefined).map(({ path }) => code(path));
  return first?.fields === undefined
    ? []
    : [`Each of ${names.join(' and ')}:`, '', ...documentSettings(first.fields, ''), ''];
}

function documentSettings(settings: readonly Setting[], prefix: string): string[] {
  const rows = settings.map((setting) => [
    code(setting.path.slice(prefix.length)),
    kindOf(setting),
    defaultOf(setting),
    `${setting.description}${setting.variable === undefined ? '' : ` Environment: ${code(setting.variable)}.`}`,
  ]);
  return markdownTable(['setting', 'what', 'default', 'meaning'], rows);
}

function kindOf({ kind, values, form, bounds, secret }: Setting): string {
  const what = values?.map(code).join(', ') ?? form ?? (bounds === undefined ? kind : `${kind}, ${bounds}`);
  return secret && form === undefined ? `${what}, shown masked` : what;
}

function defaultOf({ default: value }: Setting): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? 'none' : code(String(value));
}

function documentOlder({ name, setting, as }: OlderName): string[] {
  const unit = as === 'seconds' ? ' (in seconds)' : as === 'mebibytes' ? ' (in MiB)' : '';
  return [code(name), `${code(setting)}${unit}`];
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A table in columns that are as wide as their widest cell. */
function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const escaped = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((_, column) => Math.max(...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = escaped;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}
