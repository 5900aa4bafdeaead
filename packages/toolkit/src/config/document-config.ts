import { variables } from './environment.js';
import { type OlderName, olderKeys, olderVariables } from './older-names.js';
import { type Setting, type SettingGroup, settingGroups } from './settings.js';

/** The configuration manual as Markdown: the source of `docs/configuration.md`. */
export function documentConfig(): string {
  return [
    '# Configuration',
    '',
    'Generated from the schema in `packages/toolkit/src/config` by `node packages/toolkit/scripts/document-config.ts`; a test checks that the two agree.',
    '',
    'Everything has a default. Settings are read from, in order of precedence: flags, the environment, `ai-toolkit.toml` in the current folder',
    "(only `model`, `maxTokens`, `temperature`, `cache` and `limits`, because it may come with somebody else's checkout), your own",
    '`config.toml` (first the chosen profile, then the rest), and the defaults. `ai-toolkit config path` says where your file is,',
    '`ai-toolkit config list` shows which values apply and why, and `ai-toolkit config validate` what is wrong.',
    '',
    '```toml',
    'model = "gpt-4o-mini"',
    '',
    '[openai]',
    'baseUrl = "http://127.0.0.1:8080/v1"',
    '',
    '[profiles.work] # used with --profile work, or AI_TOOLKIT_PROFILE=work',
    'model = "gpt-4o"',
    '',
    '[profiles.work.cache]',
    'keepRequests = true',
    '```',
    '',
    'A profile may contain any setting on this page, and needs only those that differ.',
    '',
    ...settingGroups().flatMap(documentGroup),
    '## Environment variables',
    '',
    ...markdownTable(
      ['variable', 'setting'],
      [
        ['`AI_TOOLKIT_HOME`', 'folder for all state; default: the XDG folders'],
        ['`AI_TOOLKIT_PROFILE`', 'profile in your configuration file'],
        ...variables.map(([name, setting]) => [code(name), code(setting)]),
      ],
    ),
    '',
    '## Older names',
    '',
    'Names from other tools and older versions are understood where they mean the same, with a notice on stderr; the current name takes precedence.',
    '`ai-toolkit config validate --fix` replaces them in your file. Any key in a file may also be in snake_case, such as `api_key`,',
    '`base_url` or `max_tokens`. `PORT` and `HOST` are ignored, since other programs use them for other things.',
    '',
    ...markdownTable(['variable', 'read as'], olderVariables.map(documentOlder)),
    '',
    ...markdownTable(['key in a file', 'read as'], olderKeys.map(documentOlder)),
    '',
  ].join('\n');
}

function documentGroup({ name, description, settings }: SettingGroup): string[] {
  const title = name === '' ? 'Top level' : code(`[${name}]`);
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

/** Tables nested in the tables of a list. */
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

/** A Markdown table with each column padded to its widest cell. */
function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const escaped = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((_, column) => Math.max(...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = escaped;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}
