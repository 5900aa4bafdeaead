/** Qualified, quoted table names, ready for use in statements. */
export interface Tables {
  /** Unquoted. */
  readonly schemaName: string;
  readonly schema: string;
  readonly projects: string;
  readonly revisions: string;
  readonly partials: string;
  readonly stageLocks: string;
  readonly migrations: string;
  /** Name of the `LISTEN` channel for changes. Unquoted. */
  readonly channel: string;
}

export function tablesOf(schemaName: string): Tables {
  const schema = quoteIdentifier(schemaName);
  return {
    schemaName,
    schema,
    projects: `${schema}.projects`,
    revisions: `${schema}.revisions`,
    partials: `${schema}.partials`,
    stageLocks: `${schema}.stage_locks`,
    migrations: `${schema}.migrations`,
    channel: `ai_toolkit:${schemaName}`,
  };
}

/** Quotes any name for use in a statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
