import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onlyFile, type PublishedPackage } from './local-registry.js';
import { packAsInstalled, thirdParty } from './third-party.js';

/** The third-party dependencies of packages, as installed here, as registry packages; their tarballs go into folders of `destination`. */
export async function publishNeeded(
  folders: readonly string[],
  destination: string,
): Promise<readonly PublishedPackage[]> {
  const packages: PublishedPackage[] = [];
  for (const [index, installed] of (await thirdParty(folders)).entries()) {
    const place = join(destination, String(index));
    await mkdir(place, { recursive: true });
    await packAsInstalled(installed, place);
    packages.push(await published(installed, await onlyFile(place, '.tgz')));
  }
  return packages;
}

/** Describes a registry package by its folder and tarball. */
export async function published(folder: string, tarball: string): Promise<PublishedPackage> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return { manifest, tarball };
}
