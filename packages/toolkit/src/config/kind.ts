/**
 * Describes what a setting may be. The schema is plain data rather than code of a library: every command validates its
 * configuration before it does anything, and data costs nothing to construct. It is interpreted where needed, see
 * `readTable` and `settingGroups`.
 */
export interface Kind<T> {
  /** The complete manual entry. */
  readonly description: string;
  readonly rule: Rule;
  /** The value of a setting that is not given. */
  readonly fallback?: T;
  /** The setting has no default and must be given. */
  readonly isRequired?: boolean;
}

export type Rule = TextRule | NumberRule | FlagRule | ChoiceRule | TableRule | TablesRule | ListRule;

export interface TextRule {
  readonly type: 'text';
  /** Minimum length. */
  readonly least: number;
  /** For a URL: its scheme. */
  readonly protocol?: RegExp;
  /** For a URL: its form, for people. */
  readonly form?: string;
  /** An address that need not be a whole URL. */
  readonly isAddress?: boolean;
  /** Shown only masked. */
  readonly isSecret: boolean;
}

export interface NumberRule {
  readonly type: 'number';
  readonly isWhole: boolean;
  readonly least: number;
  /** The value must exceed `least`. */
  readonly isAboveLeast: boolean;
  readonly most: number;
}

interface FlagRule {
  readonly type: 'flag';
}

interface ChoiceRule {
  readonly type: 'choice';
  readonly values: readonly string[];
}

/** A table with exactly these settings. */
export interface TableRule {
  readonly type: 'table';
  readonly fields: Readonly<Record<string, Kind<unknown>>>;
}

/** Tables with user-chosen names. */
interface TablesRule {
  readonly type: 'tables';
  readonly of: TableRule;
}

interface ListRule {
  readonly type: 'list';
  readonly of: TableRule;
  /** Minimum number of tables. */
  readonly least: number;
}
