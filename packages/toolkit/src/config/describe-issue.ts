import type * as z from 'zod/mini';
import { type Layer, valueAt } from './layer.js';

type Issue = z.core.$ZodIssue;

/** What is wrong with a setting, as the rest of a sentence. Never shows the value: it may be a secret. */
export function describeIssue(issue: Issue, layer: Layer): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is no such setting';
    case 'invalid_type':
      return `must be ${nounOf(issue.expected)}, not ${kindOf(valueAt(layer, issue.path))}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum !== 1)
        return `must have ${String(issue.minimum)} characters or more`;
      if (issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty';
      return issue.inclusive === true
        ? `must be ${String(issue.minimum)} or more`
        : `must be more than ${String(issue.minimum)}`;
    case 'too_big':
      return `must be ${String(issue.maximum)} or less`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a whole URL of the right protocol' : 'is not well formed';
    default:
      return 'is not valid';
  }
}

/** The path of the setting that an issue is about. */
export function issuePath(issue: Issue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function nounOf(expected: string): string {
  switch (expected) {
    case 'int':
      return 'a whole number';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list of tables';
    case 'object':
    case 'record':
      return 'a table';
    default:
      return `a ${expected}`;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'number' ? 'this number' : 'a table';
}
