/** Names of the tables, with their schema, as they stand in statements. */
export interface Tables {
  /** Unquoted. */
  readonly schemaName: string;
  readonly schema: string;
  readonly projects: string;
  readonly revisions: string;
  readonly partials: string;
  readonly stageLocks: string;
  readonly migrations: string;
  /** Name under which changes are told; see `LISTEN`. Unquoted. */
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

/** A name as it may stand in a statement, whatever it contains. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
