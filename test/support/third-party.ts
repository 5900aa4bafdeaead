import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Folders of all third-party dependencies of packages, as installed here; `extra` names further dependencies of the first of `folders`.
 * Optional ones that are not installed, such as binaries for other platforms, are left out.
 */
export async function thirdParty(
  folders: readonly string[],
  extra: readonly string[] = [],
): Promise<string[]> {
  const found = new Map<string, string>();
  const [first = ''] = folders;
  for (const folder of folders) for (const name of await dependenciesOf(folder)) await add(folder, name);
  for (const name of extra) await add(first, name);
  return [...found.values()];

  async function add(from: string, name: string): Promise<void> {
    const folder = await installed(from, name);
    if (name.startsWith('@ai-toolkit/') || folder === undefined || found.has(name)) return;
    found.set(name, folder);
    for (const dependency of await dependenciesOf(folder)) await add(folder, dependency);
  }
}

/** Makes a tarball of an installed package: packing it with npm would need its build tools. */
export async function packAsInstalled(folder: string, destination: string): Promise<void> {
  const { name, version } = await manifestOf(folder);
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  const staging = await mkdtemp(join(destination, 'staging-'));
  // Copy first: the installed files are hard-linked with those of other installations, and tar fails if the links change meanwhile.
  await cp(await realpath(folder), join(staging, 'package'), {
    recursive: true,
    dereference: true,
    filter: (path) => basename(path) !== 'node_modules',
  });
  await run('tar', ['-czf', join(destination, file), '-C', staging, 'package']);
  await rm(staging, { recursive: true });
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function dependenciesOf(folder: string): Promise<string[]> {
  const { dependencies, optionalDependencies } = await manifestOf(folder);
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

/** Like Node's resolution: in the `node_modules` of the folder or one above it. */
async function installed(from: string, name: string): Promise<string | undefined> {
  for (let folder = await realpath(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpath(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}
