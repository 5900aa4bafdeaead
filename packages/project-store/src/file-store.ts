import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { createProject } from './create.js';
import { conflict, projectBusy } from './failures.js';
import { readText } from './fs/safe-read.js';
import { buildImport } from './import/build-import.js';
import { importFolder } from './import/import-folder.js';
import { ideaFile, originalFile } from './layout.js';
import { createChangeNotebook } from './list/change-notes.js';
import { createIndexFile, type IndexState } from './list/index-file.js';
import { createListing } from './list/listing.js';
import { createLocator } from './locate.js';
import { bump, checkChange } from './project-change.js';
import { publicProject, readProject } from './project-file.js';
import { changeRegistry, REGISTRY_NAME, readRegistry } from './registry.js';
import { repairProjects } from './repair/repair.js';
import { createSession } from './session.js';
import { runningStage, stageMethods } from './stages/stage-texts.js';
import type { WatchableProjectStore } from './store.js';
import { StoreError } from './store-error.js';
import { checkText } from './text-limit.js';
import { emptyFromTrash, moveToTrash } from './trash.js';
import type { ProjectWatch } from './watch/project-event.js';
import { watchFolders } from './watch/project-watch.js';

export interface ProjectStoreOptions {
  /** Folder that holds the projects. Created with the first project. */
  readonly root: string;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How long a write waits while another process writes the same project, ms. Default: 10,000. */
  readonly lockWaitMs?: number;
  /** Folder for the list index; several stores may share it. Default: the hidden folder `.ai-toolkit` in the root. */
  readonly cacheDir?: string;
  /**
   * How long a list trusts the operating system's change reports before it checks every project again, ms. 0 always
   * checks and requests no reports, which suits a process that lists once. Default: 60,000.
   */
  readonly listTtlMs?: number;
}

/** State of the list index and of change reports, for diagnosis. */
export interface ListState {
  /** State of the index on disk when last accessed; `missing` before the first list. */
  readonly index: IndexState;
  /** Whether the operating system reports changes, so that a list need not check every project. */
  readonly reported: boolean;
  /** Why changes are not reported. */
  readonly reason?: string;
}

/** A store of projects in folders. */
export interface FileProjectStore extends WatchableProjectStore {
  listState(): ListState;
}

/** Projects as folders on a local or shared file system. Any number of processes may use the same root. */
export function createProjectStore(options: ProjectStoreOptions): FileProjectStore {
  const { clock = Date.now, lockWaitMs: waitMs = 10_000, listTtlMs = 60_000, cacheDir } = options;
  checkFolder('root', options.root);
  if (cacheDir !== undefined) checkFolder('cacheDir', cacheDir);
  checkDuration('lockWaitMs', waitMs);
  checkDuration('listTtlMs', listTtlMs);
  const root = resolve(options.root);
  const registryFile = join(root, REGISTRY_NAME);
  const index = createIndexFile(root, cacheDir && resolve(cacheDir));
  const notebook = createChangeNotebook(root, listTtlMs);
  const listing = createListing({ root, registryFile, index, notebook });
  const locator = createLocator(root, registryFile, listing);
  const watches = new Set<ProjectWatch>();
  /** A watch must report every change this store makes after `watch()` was called, so changes wait until each watch is ready. */
  const watched = async (): Promise<void> => {
    for (const watch of watches) await watch.ready.catch(() => undefined);
  };
  const session = createSession({ locator, clock, waitMs, beforeChange: watched });

  function changeRegistered(change: (folders: readonly string[]) => readonly string[]): Promise<void> {
    return changeRegistry(registryFile, change, { clock, waitMs });
  }

  async function register(path: string): Promise<void> {
    // The root may be reachable by several paths.
    const realRoot = await realpath(root).catch(() => root);
    if (isInside(root, path) || isInside(realRoot, path)) return;
    await changeRegistered((folders) => (folders.includes(path) ? folders : [...folders, path]));
  }

  const store: FileProjectStore = {
    ...stageMethods(session),

    async create(input) {
      if (input.path !== undefined) checkFolder('path', input.path);
      await watched();
      // What cannot be registered is not made.
      if (input.path !== undefined) await readRegistry(registryFile);
      const project = await createProject(root, input, clock());
      await register(project.path);
      return publicProject(project);
    },

    async importProject(input) {
      const parts = buildImport(input);
      await watched();
      const { id, isNew } = await importFolder(root, parts, listing, { clock, waitMs });
      return { project: await store.get(id), isNew };
    },

    readOriginal: async (id) => readText(originalFile((await locator.find(id)).path)),

    get: async (id) => publicProject(await locator.find(id)),

    getAll: () => listing.read(),

    update: (id, change, { expectedVersion } = {}) =>
      session.change(id, async (project, files) => {
        if (expectedVersion !== undefined && expectedVersion !== project.version) {
          throw conflict(project, expectedVersion);
        }
        const updated = bump({ ...project, ...checkChange(change) }, clock());
        await files.writeProject(updated);
        return publicProject(updated);
      }),

    async delete(id, { permanent = false } = {}) {
      const { path, trashPath } = await session.change(id, async (project, files) => {
        const holder = await runningStage(project.path);
        if (holder !== undefined) throw projectBusy(project.id, holder);
        const at = clock();
        await files.assertHeld();
        return { path: project.path, trashPath: await moveToTrash(root, project.path, at) };
      });
      if (!isInside(root, path)) await changeRegistered((folders) => folders.filter((one) => one !== path));
      if (!permanent) return { trashPath };
      await emptyFromTrash(trashPath);
      return {};
    },

    async registerFolder(folder) {
      checkFolder('path', folder);
      // The real path: retargeting a symbolic link later must not change which folder is registered.
      const path = await realpath(resolve(folder)).catch(() => resolve(folder));
      const project = await readProject(path);
      if (project === undefined) {
        throw new StoreError('STORE_PROJECT_NOT_FOUND', `${path} is not a project: it has no project.json.`, {
          hint: 'Name the folder of the project itself.',
        });
      }
      await watched();
      await register(path);
      return publicProject(project);
    },

    watch(watchOptions = {}) {
      const onEnd = (watch: ProjectWatch): void => void watches.delete(watch);
      const watch = watchFolders({ root, registryFile, onEnd }, watchOptions);
      watches.add(watch);
      return watch;
    },

    repair: (repairOptions = {}) =>
      repairProjects({ root, registryFile, session, listing, index }, repairOptions),

    listState: () => ({ index: index.state(), ...notebook.state() }),

    readIdea: async (id) => (await readText(ideaFile((await locator.find(id)).path))) ?? '',

    writeIdea: (id, text) =>
      session.change(id, async (project, files) => {
        checkText('idea', text);
        const updated = bump(project, clock());
        await files.write(ideaFile(project.path), text);
        await files.writeProject(updated);
        return publicProject(updated);
      }),

    async close() {
      for (const watch of [...watches]) await watch.return();
      locator.forget();
      await listing.forget();
    },

    [Symbol.asyncDispose]: () => store.close(),
  };
  return store;
}

/** An empty path would stand for the current folder. */
function checkFolder(option: string, path: string): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw new TypeError(`${option} must be the path of a folder, received ${JSON.stringify(path)}`);
}

function checkDuration(option: string, value: number): void {
  if (value >= 0 && value < 2 ** 31) return;
  throw new RangeError(`${option} must be between 0 and 2147483647, received ${String(value)}`);
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root + sep) && !path.slice(root.length + 1).includes(sep);
}
