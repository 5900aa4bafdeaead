/** A question with a measured answer. */
export interface Suite {
  readonly title: string;
  /** What is measured against what, and how. */
  readonly method: string;
  run(): Promise<readonly Table[]>;
}

/** Figures, formatted for output. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Renders a suite's tables as Markdown, with its method and machine. */
export function render(suite: Suite, tables: readonly Table[], machine: string): string {
  const parts = tables.map(({ title, columns, rows }) => {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    return [`## ${title}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join(
      '\n',
    );
  });
  return [`# ${suite.title}`, '', suite.method, '', machine, '', ...parts].join('\n');
}
