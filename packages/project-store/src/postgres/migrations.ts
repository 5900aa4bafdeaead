import type { Tables } from './tables.js';

/*
 * Entry n migrates the schema from version n to n + 1. Released entries are never changed: add another one.
 *
 * Texts are stored as bytes, since PostgreSQL's `text` cannot hold NUL, which a model or an older project may contain.
 * Times are epochs in ms by the store's clock, as everywhere else; leases use the clock of the database alone.
 */
export const migrations: ReadonlyArray<(tables: Tables) => readonly string[]> = [
  ({ schema, projects, revisions, partials, stageLocks, channel }) => [
    // The stage count of a list is computed on write. NULL marks invalid stages.
    `CREATE FUNCTION ${schema}.stages_done(stages json) RETURNS integer LANGUAGE sql IMMUTABLE
     SET search_path = pg_catalog AS $$
       SELECT CASE WHEN json_typeof(stages) <> 'object' THEN NULL
         WHEN EXISTS (
           SELECT FROM json_each(stages) AS stage (number, state)
           WHERE json_typeof(state) <> 'object'
             OR json_typeof(state -> 'slug') IS DISTINCT FROM 'string'
             OR json_typeof(state -> 'lastRevision') IS DISTINCT FROM 'number'
             OR coalesce(state ->> 'status', '') NOT IN ('not-started', 'done', 'failed')
         ) THEN NULL
         ELSE (SELECT count(*) FROM json_each(stages) AS stage (number, state) WHERE state -> 'revision' IS NOT NULL)
       END
     $$`,
    `CREATE TABLE ${projects} (
       id text COLLATE "C" PRIMARY KEY,
       slug text COLLATE "C" NOT NULL,
       name text NOT NULL,
       description text NOT NULL,
       tags text[] NOT NULL,
       created_at bigint NOT NULL,
       updated_at bigint NOT NULL,
       version bigint NOT NULL CHECK (version > 0),
       stages json NOT NULL,
       stages_done integer GENERATED ALWAYS AS (${schema}.stages_done(stages)) STORED,
       idea bytea NOT NULL,
       origin text,
       original bytea,
       deleted_at bigint
     )`,
    // Deleted projects may share a name or an origin.
    `CREATE UNIQUE INDEX projects_slug ON ${projects} (slug) WHERE deleted_at IS NULL`,
    `CREATE UNIQUE INDEX projects_origin ON ${projects} (origin) WHERE deleted_at IS NULL`,
    `CREATE INDEX projects_updated ON ${projects} (updated_at DESC, slug) WHERE deleted_at IS NULL`,
    `CREATE TABLE ${revisions} (
       project text COLLATE "C" NOT NULL REFERENCES ${projects} ON DELETE CASCADE,
       stage bigint NOT NULL CHECK (stage > 0),
       slug text COLLATE "C" NOT NULL,
       revision integer NOT NULL CHECK (revision > 0),
       origin text NOT NULL CHECK (origin IN ('run', 'edit', 'restore')),
       content_hash text NOT NULL,
       created_at bigint NOT NULL,
       record json NOT NULL,
       text bytea NOT NULL,
       PRIMARY KEY (project, stage, slug, revision)
     )`,
    // Revisions are immutable for every client of the database, until their project is deleted for good. No name
    // appears in a function body, where it could close the quotes.
    `CREATE FUNCTION ${schema}.keep_revision() RETURNS trigger LANGUAGE plpgsql
     SET search_path = pg_catalog AS $$
       DECLARE kept boolean := true;
       BEGIN
         IF TG_OP = 'DELETE' THEN
           EXECUTE format('SELECT EXISTS (SELECT FROM %I.projects WHERE id = $1)', TG_TABLE_SCHEMA)
             INTO kept USING OLD.project;
         END IF;
         IF NOT kept THEN RETURN OLD; END IF;
         RAISE EXCEPTION 'a revision is never changed; write another one' USING ERRCODE = 'restrict_violation';
       END
     $$`,
    `CREATE TRIGGER keep_revision BEFORE UPDATE OR DELETE ON ${revisions}
       FOR EACH ROW EXECUTE FUNCTION ${schema}.keep_revision()`,
    // One row per addition: a growing row would be rewritten in full each time.
    `CREATE TABLE ${partials} (
       project text COLLATE "C" NOT NULL REFERENCES ${projects} ON DELETE CASCADE,
       stage bigint NOT NULL,
       slug text COLLATE "C" NOT NULL,
       attempt text NOT NULL,
       piece integer NOT NULL,
       text bytea NOT NULL,
       PRIMARY KEY (project, stage, slug, attempt, piece)
     )`,
    `CREATE TABLE ${stageLocks} (
       project text COLLATE "C" NOT NULL REFERENCES ${projects} ON DELETE CASCADE,
       stage bigint NOT NULL,
       token text NOT NULL,
       owner json NOT NULL,
       expires_at timestamptz NOT NULL,
       PRIMARY KEY (project, stage)
     )`,
    // A trigger, so that changes made by hand are reported as well.
    `CREATE FUNCTION ${schema}.tell_change() RETURNS trigger LANGUAGE plpgsql
     SET search_path = pg_catalog AS $$
       BEGIN
         PERFORM pg_notify(TG_ARGV[0], coalesce(NEW.id, OLD.id));
         RETURN NULL;
       END
     $$`,
    `CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON ${projects}
       FOR EACH ROW EXECUTE FUNCTION ${schema}.tell_change(${quoteLiteral(channel)})`,
  ],
];

/** For the few places that accept no parameter. */
function quoteLiteral(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
