import { access, constants, statfs } from 'node:fs/promises';
import { makeDirectory } from './make-directory.js';
import { unavailable } from './unavailable.js';

/** `f_type` of network file systems, from Linux's magic.h: memory maps and locks do not work across their clients. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
]);

/** The name of a known network file system, by its `f_type`. */
export function networkFileSystem(type: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(type >>> 0);
}

/** Creates the directory and checks that a cache can live there. Rejects with `CACHE_STORE_UNAVAILABLE`. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const message = `The cache directory ${directory} cannot be written`;
    throw unavailable(message, 'Make it writable or choose another.', error);
  }
  const { type } = await statfs(directory);
  const network = networkFileSystem(type);
  if (network === undefined) return;
  const message = `The cache directory ${directory} is on a network file system (${network})`;
  throw unavailable(message, 'Choose a local disk.');
}
