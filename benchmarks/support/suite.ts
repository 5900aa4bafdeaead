/** A question with a measured answer. */
export interface Suite {
  readonly title: string;
  /** What is measured against what, and how. */
  readonly method: string;
  run(): Promise<readonly Table[]>;
}

/** Figures as they are printed. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a suite as Markdown, with what is needed to judge them. */
export function render(suite: Suite, tables: readonly Table[], machine: string): string {
  const parts = tables.map(({ title, columns, rows }) => {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [`## ${title}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join(
      '\n',
    );
  });
  return [`# ${suite.title}`, '', suite.method, '', machine, '', ...parts].join('\n');
}
