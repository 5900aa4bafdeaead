import type { Kind, NumberRule, Rule, TableRule, TextRule } from './kind.js';
import { isSection } from './layer.js';

/** A problem with a setting. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  /** The rest of a sentence. Never contains the value, which may be a secret. */
  readonly what: string;
}

type Path = readonly PropertyKey[];

const holdsUser = 'must not hold a user or a password';

/**
 * Reads a table according to its rule: fills in defaults, trims URLs and rejects unknown settings. Problems are added
 * to `issues`; the result is then unusable.
 */
export function readTable(
  { fields }: TableRule,
  value: unknown,
  path: Path,
  issues: Issue[],
): Record<string, unknown> {
  // A missing section is an empty one.
  const given = value ?? {};
  const result: Record<string, unknown> = {};
  if (!isSection(given)) {
    issues.push({ path, what: `must be a table, not ${nameOf(value)}` });
    return result;
  }
  for (const [name, kind] of Object.entries(fields)) {
    const read = readValue(
      kind,
      Object.hasOwn(given, name) ? given[name] : undefined,
      [...path, name],
      issues,
    );
    if (read !== undefined) result[name] = read;
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name))
      issues.push({ path: [...path, name], what: 'there is no such setting' });
  }
  return result;
}

function readValue(kind: Kind<unknown>, value: unknown, path: Path, issues: Issue[]): unknown {
  if (value === undefined && kind.isRequired !== true && kind.rule.type !== 'table') return kind.fallback;
  return readGiven(kind.rule, value, path, issues);
}

function readGiven(rule: Rule, value: unknown, path: Path, issues: Issue[]): unknown {
  const refuse = (what: string): void => void issues.push({ path, what });
  switch (rule.type) {
    case 'text':
      return readText(rule, value, refuse);
    case 'number':
      refuseNumber(rule, value, refuse);
      return value;
    case 'flag':
      if (typeof value !== 'boolean') refuse(`must be true or false, not ${nameOf(value)}`);
      return value;
    case 'choice':
      if (!rule.values.some((allowed) => allowed === value))
        refuse(`must be one of ${rule.values.join(', ')}`);
      return value;
    case 'table':
      return readTable(rule, value, path, issues);
    case 'tables':
      if (isSection(value)) return readTables(rule.of, value, path, issues);
      refuse(`must be a table, not ${nameOf(value)}`);
      return value;
    case 'list':
      if (!Array.isArray(value)) {
        refuse(`must be a list of tables, not ${nameOf(value)}`);
        return value;
      }
      if (value.length < rule.least) refuse('must not be empty');
      return value.map((item: unknown, index) => readTable(rule.of, item, [...path, index], issues));
  }
}

function readText(rule: TextRule, value: unknown, refuse: (what: string) => void): unknown {
  if (typeof value !== 'string') {
    refuse(`must be a string, not ${nameOf(value)}`);
  } else if (rule.protocol !== undefined) {
    const url = URL.parse(value.trim());
    if (url === null || !rule.protocol.test(url.protocol.slice(0, -1)))
      refuse('must be a whole URL of the right protocol');
    // They would not be sent, but would appear wherever the URL does.
    else if (/^https?:$/.test(url.protocol) && url.username + url.password !== '') refuse(holdsUser);
    return value.trim();
  } else if (value.trim().length < rule.least) {
    refuse(rule.least === 1 ? 'must not be empty' : `must have ${rule.least} characters or more`);
  } else if (rule.isAddress === true && /^(?:[^/]*\/\/)?[^/]*@/.test(value)) {
    refuse(holdsUser);
  } else if (rule.isSecret && /[^ -~]/.test(value)) {
    // Keys are sent in headers, which would fail only once a provider is called.
    refuse('must have no line break and no characters but those of ASCII');
  }
  return value;
}

function refuseNumber(
  { isWhole, least, isAboveLeast, most }: NumberRule,
  value: unknown,
  refuse: (what: string) => void,
): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || (isWhole && !Number.isInteger(value)))
    refuse(`must be ${isWhole ? 'a whole number' : 'a number'}, not ${nameOf(value)}`);
  else if (isAboveLeast ? value <= least : value < least)
    refuse(isAboveLeast ? `must be more than ${least}` : `must be ${least} or more`);
  else if (value > most) refuse(`must be ${most} or less`);
}

function readTables(
  of: TableRule,
  value: Readonly<Record<string, unknown>>,
  path: Path,
  issues: Issue[],
): unknown {
  if (Object.hasOwn(value, '')) issues.push({ path: [...path, ''], what: 'must have a name' });
  return Object.fromEntries(
    Object.entries(value).map(([name, table]) => [name, readTable(of, table, [...path, name], issues)]),
  );
}

function nameOf(value: unknown): string {
  if (value === undefined || value === null) return 'absent';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'true or false';
    case 'number':
    case 'bigint':
      return 'this number';
    default:
      return 'a table';
  }
}
