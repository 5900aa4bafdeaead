import type { DiskDriverName } from '../../src/cache-options.js';

export const drivers: readonly DiskDriverName[] = ['lmdb', 'sqlite'];

/** The disk options of a script: directory and driver are its first two arguments. */
export function diskFromArguments(): { path: string; driver: DiskDriverName } {
  const [, , path = '', driver] = process.argv;
  return { path, driver: driver === 'sqlite' ? 'sqlite' : 'lmdb' };
}
