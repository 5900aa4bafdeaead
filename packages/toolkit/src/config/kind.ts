/**
 * What a setting may be. The schema is plain data and not code of a library, because every command validates its configuration
 * before it does anything: data costs nothing to make, and what it says is read by whoever needs it: see `readTable` and
 * `settingGroups`.
 */
export interface Kind<T> {
  /** All of its manual. */
  readonly description: string;
  readonly rule: Rule;
  /** The value of a setting that is not given. */
  readonly fallback?: T;
  /** It must be given: there is nothing that it could be else. */
  readonly isRequired?: boolean;
}

export type Rule = TextRule | NumberRule | FlagRule | ChoiceRule | TableRule | TablesRule | ListRule;

export interface TextRule {
  readonly type: 'text';
  /** Fewest characters. */
  readonly least: number;
  /** Of a URL: its scheme. */
  readonly protocol?: RegExp;
  /** Of a URL: what it is, for people. */
  readonly form?: string;
  /** Nobody may see it again: lists show it masked. */
  readonly isSecret: boolean;
}

export interface NumberRule {
  readonly type: 'number';
  readonly isWhole: boolean;
  readonly least: number;
  /** It must be more than the least. */
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

/** A table with the settings of these names, and no others. */
export interface TableRule {
  readonly type: 'table';
  readonly fields: Readonly<Record<string, Kind<unknown>>>;
}

/** Tables by names that the user chooses. */
interface TablesRule {
  readonly type: 'tables';
  readonly of: TableRule;
}

interface ListRule {
  readonly type: 'list';
  readonly of: TableRule;
  /** Fewest tables. */
  readonly least: number;
}
