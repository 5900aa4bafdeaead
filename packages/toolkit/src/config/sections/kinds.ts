import type { Kind, NumberRule, TableRule, TextRule } from '../kind.js';

/** Constructors for the kinds of settings. The description is the complete manual entry: `docs/configuration.md` is generated from it. */

/** A kind for each setting of a table. */
export type Fields<T> = { readonly [Name in keyof T]-?: Kind<T[Name]> };

export function text(description: string): Kind<string | undefined> {
  return textKind(description, {});
}

/** A text shown only masked. */
export function secret(description: string, least: number = 1): Kind<string | undefined> {
  return textKind(description, { least, isSecret: true });
}

export function httpUrl(description: string): Kind<string | undefined> {
  return textKind(description, { protocol: /^https?$/, form: 'URL, http or https' });
}

/** An address that need not be a whole URL: a host, host:port or URL. */
export function address(description: string): Kind<string | undefined> {
  return textKind(description, { isAddress: true });
}

/** A URL that may contain a password, which is masked. */
export function accessUrl(description: string, protocol: RegExp, form: string): Kind<string | undefined> {
  return textKind(description, { protocol, form, isSecret: true });
}

/** A number above 0, up to `most`. */
export function positive(description: string, most: number = Number.MAX_VALUE): Kind<number | undefined> {
  return numberKind(description, { isAboveLeast: true, most });
}

export function positiveInteger(description: string): Kind<number | undefined> {
  return numberKind(description, { isWhole: true, isAboveLeast: true, most: Number.MAX_SAFE_INTEGER });
}

/** A number from 0 to `most`. */
export function amount(description: string, most: number = Number.MAX_VALUE): Kind<number | undefined> {
  return numberKind(description, { most });
}

export function integer(description: string, least: number, most: number): Kind<number | undefined> {
  return numberKind(description, { isWhole: true, least, most });
}

export function flag(description: string): Kind<boolean | undefined> {
  return { description, rule: { type: 'flag' } };
}

export function choice<const T extends string>(
  description: string,
  values: readonly T[],
): Kind<T | undefined> {
  return { description, rule: { type: 'choice', values } };
}

export function table<T>(fields: Fields<T>): TableRule {
  return { type: 'table', fields };
}

/** A table of settings, each of which is optional. */
export function section<T>(description: string, fields: Fields<T>): Kind<T> {
  return { description, rule: table(fields) };
}

export function tablesByName<T>(description: string, fields: Fields<T>): Kind<Readonly<Record<string, T>>> {
  return { description, rule: { type: 'tables', of: table(fields) }, fallback: {} };
}

export function listOfTables<T>(
  description: string,
  fields: Fields<T>,
  least: number = 0,
): Kind<readonly T[] | undefined> {
  return { description, rule: { type: 'list', of: table(fields), least } };
}

/** The same kind with a default. */
export function or<T>(kind: Kind<T | undefined>, fallback: T): Kind<T> {
  const { description, rule } = kind;
  return { description, rule, fallback };
}

/** The same kind, required. */
export function required<T>(kind: Kind<T | undefined>): Kind<T> {
  const { description, rule } = kind;
  return { description, rule, isRequired: true };
}

function textKind(description: string, rule: Partial<TextRule>): Kind<string | undefined> {
  return { description, rule: { type: 'text', least: 1, isSecret: false, ...rule } };
}

function numberKind(description: string, rule: Partial<NumberRule>): Kind<number | undefined> {
  const all = { isWhole: false, least: 0, isAboveLeast: false, most: Number.MAX_VALUE };
  return { description, rule: { type: 'number', ...all, ...rule } };
}
