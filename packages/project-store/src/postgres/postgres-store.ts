import { conflict, projectBusy } from '../failures.js';
import { buildImport } from '../import/build-import.js';
import { checkNewProject } from '../naming/check-new-project.js';
import { bump, checkChange } from '../project-change.js';
import { publicProject } from '../project-file.js';
import type { WatchableProjectStore } from '../store.js';
import { StoreError } from '../store-error.js';
import { checkText } from '../text-limit.js';
import { createDatabase } from './database.js';
import { importRows } from './import-rows.js';
import { insertProject } from './insert-project.js';
import { decodeListed, listColumns, writeRow } from './project-row.js';
import { createProjects } from './projects.js';
import { repairRows } from './repair-rows.js';
import { bytesToText } from './revision-row.js';
import { createStageLocks } from './stage-locks.js';
import { stageRows } from './stage-rows.js';
import { asStored } from './storable.js';
import { type PostgresProjectStoreOptions, resolveOptions } from './store-options.js';
import { createWatches } from './watches.js';

/**
 * Stores projects in PostgreSQL, for any number of servers. The first call creates the tables. Database failures are
 * `StoreError` too: `STORE_UNAVAILABLE` while it cannot be reached; the next call reconnects.
 * @throws TypeError or RangeError naming the option
 */
export function createPostgresProjectStore(options: PostgresProjectStoreOptions): WatchableProjectStore {
  const resolved = resolveOptions(options);
  const { clock } = resolved;
  const watches = createWatches(resolved.lockWaitMs);
  const database = createDatabase(resolved, watches.begun);
  const { tables, run } = database;
  const projects = createProjects(database, resolved.lockWaitMs);
  const locks = createStageLocks({ database, projects, leaseMs: resolved.stageLeaseMs, clock });

  const store: WatchableProjectStore = {
    ...stageRows({ database, projects, locks, clock }),

    async create(input) {
      if (input.path !== undefined) throw noFolders('A project cannot be made in a folder of its own');
      const checked = checkNewProject(input);
      const at = clock();
      const id = await database.transaction((sql) =>
        insertProject(sql, tables, { ...checked, createdAt: at, updatedAt: at, stages: {} }),
      );
      return store.get(String(id));
    },

    async importProject(input) {
      const parts = buildImport(input);
      const { id, isNew } = await database.transaction((sql) => importRows(sql, tables, parts));
      return { project: await store.get(id), isNew };
    },

    async readOriginal(id) {
      const project = await projects.find(id);
      const [row] = await run(`SELECT original FROM ${tables.projects} WHERE id = $1`, project.id);
      return row === undefined || row.original === null ? undefined : bytesToText(row.original);
    },

    get: async (id) => publicProject(await projects.find(id)),

    async getAll() {
      const place = await database.place();
      const rows = await run(
        `SELECT ${listColumns} FROM ${tables.projects} WHERE deleted_at IS NULL
         ORDER BY stages_done IS NULL, updated_at DESC, slug`,
      );
      return rows.map((row) => decodeListed(row, place));
    },

    update: (id, change, { expectedVersion } = {}) =>
      projects.change(id, async (project, sql) => {
        if (expectedVersion !== undefined && expectedVersion !== project.version) {
          throw conflict(project, expectedVersion);
        }
        const updated = bump({ ...project, ...checkChange(change) }, clock());
        await writeRow(sql, tables, updated);
        return asStored(publicProject(updated));
      }),

    delete: (reference, { permanent = false } = {}) =>
      projects.change(
        reference,
        async ({ id }, sql) => {
          const holders = await locks.holders(sql, id);
          if (holders.length > 0) throw projectBusy(id, holders[0]);
          if (permanent) {
            await sql(`DELETE FROM ${tables.projects} WHERE id = $1`, id);
            return {};
          }
          await sql(`UPDATE ${tables.projects} SET deleted_at = $2 WHERE id = $1`, id, clock());
          return { trashPath: `${await database.place()}/.trash/${id}` };
        },
        'FOR UPDATE',
      ),

    registerFolder: async () => {
      throw noFolders('A folder cannot be registered');
    },

    watch: (watchOptions = {}) => watches.start(database, watchOptions),

    repair: (repairOptions = {}) => repairRows(database, clock(), repairOptions),

    async readIdea(id) {
      const project = await projects.find(id);
      const [row] = await run(`SELECT idea FROM ${tables.projects} WHERE id = $1`, project.id);
      return row === undefined ? '' : bytesToText(row.idea);
    },

    writeIdea: (id, text) =>
      projects.change(id, async (project, sql) => {
        checkText('idea', text);
        await sql(`UPDATE ${tables.projects} SET idea = $2 WHERE id = $1`, project.id, Buffer.from(text));
        const updated = bump(project, clock());
        await writeRow(sql, tables, updated);
        return asStored(publicProject(updated));
      }),

    async close() {
      await watches.end();
      await database.close();
    },

    [Symbol.asyncDispose]: () => store.close(),
  };
  return store;
}

function noFolders(what: string): StoreError {
  return new StoreError('STORE_UNSUPPORTED', `${what}: these projects are kept in a database.`, {
    hint: 'Use a store of folders for that, or leave the folder out.',
  });
}
