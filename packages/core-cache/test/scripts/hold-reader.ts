import { join } from 'node:path';
import { open } from 'lmdb';

// Holds a read transaction open until it is killed, as a process that hangs would.
const root = open({
  path: join(process.argv[2] ?? '', 'cache-2.mdb'),
  noSubdir: true,
  maxDbs: 8,
  noSync: true,
  overlappingSync: false,
});
root.useReadTransaction();
console.log('holding');
setInterval(() => {}, 60_000);
