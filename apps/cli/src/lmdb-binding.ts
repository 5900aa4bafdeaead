import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Loads LMDB's native binding. The package's own lookup, which probes the C library and local builds, takes longer than
 * the rest of LMDB, so the usual path is tried first.
 */
export function loadBinding(): unknown {
  // The binary is in a package that only `lmdb` itself can resolve.
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  const require = createRequire(lmdb);
  try {
    return require(usualBinary(require));
  } catch {
    const search = require('node-gyp-build-optional-packages') as (folder: string) => unknown;
    return search(dirname(dirname(lmdb)));
  }
}

function usualBinary(require: NodeJS.Require): string {
  const { platform, arch, versions } = process;
  if (platform !== 'linux' || existsSync('/etc/alpine-release'))
    throw new Error('There is no usual place here.');
  const anyNode = require.resolve(`@lmdb/lmdb-${platform}-${arch}/node.napi.glibc.node`);
  const thisNode = join(dirname(anyNode), `node.abi${versions.modules}.glibc.node`);
  return existsSync(thisNode) ? thisNode : anyNode;
}
