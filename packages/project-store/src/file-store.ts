import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { createProject } from './create.js';
import { conflict, projectBusy } from './failures.js';
import { writeFileAtomic } from './fs/atomic-write.js';
import { readText } from './fs/safe-read.js';
import { ideaFile } from './layout.js';
import { createListing } from './listing.js';
import { createLocator } from './locate.js';
import type { DamagedProject } from './project.js';
import { bump, checkChange } from './project-change.js';
import { publicProject, readProject, writeProject } from './project-file.js';
import { changeRegistry, REGISTRY_NAME } from './registry.js';
import { repairProjects } from './repair.js';
import { createSession } from './session.js';
import { runningStage, stageMethods } from './stages/stage-texts.js';
import type { ProjectStore } from './store.js';
import { StoreError } from './store-error.js';
import { emptyFromTrash, moveToTrash } from './trash.js';

export interface ProjectStoreOptions {
  /** Folder in which projects live. Made with the first project. */
  readonly root: string;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How long a write waits for another process that writes the same project, ms. Default: 10,000. */
  readonly lockWaitMs?: number;
}

/** Projects as folders on a local or shared file system. Any number of processes may use the same root. */
export function createProjectStore(options: ProjectStoreOptions): ProjectStore {
  const { clock = Date.now, lockWaitMs: waitMs = 10_000 } = options;
  if (typeof options.root !== 'string' || options.root === '') {
    throw new TypeError(`root must be the path of a folder, received ${JSON.stringify(options.root)}`);
  }
  if (!(waitMs >= 0 && waitMs < 2 ** 31)) {
    throw new RangeError(`lockWaitMs must be between 0 and 2147483647, received ${String(waitMs)}`);
  }
  const root = resolve(options.root);
  const registryFile = join(root, REGISTRY_NAME);
  const locator = createLocator(root, registryFile);
  const listing = createListing(root, registryFile);
  const session = createSession({ locator, clock, waitMs });

  function changeRegistered(change: (folders: readonly string[]) => readonly string[]): Promise<void> {
    return changeRegistry(registryFile, change, { clock, waitMs });
  }

  async function register(path: string): Promise<void> {
    // The root may have several names.
    const realRoot = await realpath(root).catch(() => root);
    if (isInside(root, path) || isInside(realRoot, path)) return;
    await changeRegistered((folders) => (folders.includes(path) ? folders : [...folders, path]));
  }

  async function listDamaged(): Promise<DamagedProject[]> {
    return (await listing.read()).filter((entry) => entry.kind === 'damaged');
  }

  const store: ProjectStore = {
    ...stageMethods(session),

    async create(input) {
      const project = await createProject(root, input, clock());
      await register(project.path);
      return publicProject(project);
    },

    get: async (id) => publicProject(await locator.find(id)),

    getAll: () => listing.read(),

    update: (id, change, { expectedVersion } = {}) =>
      session.change(id, async (project) => {
        if (expectedVersion !== undefined && expectedVersion !== project.version) {
          throw conflict(project, expectedVersion);
        }
        const updated = bump({ ...project, ...checkChange(change) }, clock());
        await writeProject(updated);
        return publicProject(updated);
      }),

    async delete(id, { permanent = false } = {}) {
      const { path, trashPath } = await session.change(id, async (project) => {
        const holder = await runningStage(project.path);
        if (holder !== undefined) throw projectBusy(project.id, holder);
        return { path: project.path, trashPath: await moveToTrash(root, project.path, clock()) };
      });
      if (!isInside(root, path)) await changeRegistered((folders) => folders.filter((one) => one !== path));
      if (!permanent) return { trashPath };
      await emptyFromTrash(trashPath);
      return {};
    },

    async registerFolder(folder) {
      // The real path: a link that is later turned elsewhere must not take the registration along.
      const path = await realpath(resolve(folder)).catch(() => resolve(folder));
      const project = await readProject(path);
      if (project === undefined) {
        throw new StoreError('STORE_PROJECT_NOT_FOUND', `${path} is not a project: it has no project.json.`, {
          hint: 'Name the folder of the project itself.',
        });
      }
      await register(path);
      return publicProject(project);
    },

    repair: (repairOptions = {}) => repairProjects(root, registryFile, session, listDamaged, repairOptions),

    readIdea: async (id) => (await readText(ideaFile((await locator.find(id)).path))) ?? '',

    writeIdea: (id, text) =>
      session.change(id, async (project) => {
        await writeFileAtomic(ideaFile(project.path), text);
        const updated = bump(project, clock());
        await writeProject(updated);
        return publicProject(updated);
      }),

    async close() {
      locator.forget();
      listing.forget();
    },

    [Symbol.asyncDispose]: () => store.close(),
  };
  return store;
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root + sep) && !path.slice(root.length + 1).includes(sep);
}
