import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * LMDB's binary. The package's own search, which asks what C library there is and what was compiled here, takes longer than all the
 * rest of LMDB: where the binary is at its usual place it is taken from there, and else that search has its turn.
 */
export function loadBinding(): unknown {
  // The binary belongs to a package that only LMDB's own can see.
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
