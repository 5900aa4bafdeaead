/** Why a file or folder was left out of an import. */
export type LeftOutReason =
  | 'binary'
  | 'budget'
  | 'generated'
  | 'ignored'
  | 'not-a-file'
  | 'secret'
  | 'symbolic-link'
  | 'too-large'
  | 'tooling'
  | 'unreadable';

export interface LeftOut {
  /** With `/` as the separator; a folder ends in `/`. */
  readonly path: string;
  readonly reason: LeftOutReason;
  /** The reason for people, as a clause. */
  readonly why: string;
}

const clauses: Readonly<Record<LeftOutReason, string>> = {
  binary: 'it is not text in UTF-8',
  budget: 'there was no room for it',
  generated: 'it is generated from other files',
  ignored: 'it is ignored by .gitignore',
  'not-a-file': 'it is neither a file nor a folder',
  secret: 'it may hold secrets',
  'symbolic-link': 'it is a symbolic link',
  'too-large': 'it is too large',
  tooling: 'it belongs to a tool, not to the project',
  unreadable: 'it cannot be read',
};

export function leftOut(path: string, reason: LeftOutReason): LeftOut {
  return { path, reason, why: clauses[reason] };
}
