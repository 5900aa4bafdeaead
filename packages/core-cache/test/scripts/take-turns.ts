import { appendFile, readFile } from 'node:fs/promises';
import { withLockFile } from '../../src/disk/lock-file.js';

// Takes and releases a lock `turns` times, and keeps it the last time. Records in a journal when it has it and when it releases it.
const [, , path = '', journal = '', turns = ''] = process.argv;

async function turn(): Promise<void> {
  await appendFile(journal, `${process.pid} has it\n`);
  // Holds the lock long enough for another process that wrongly takes it to be noticed.
  for (let looks = 0; looks < 20; looks += 1) await readFile(journal, 'utf8');
}

for (let count = 0; count < Number(turns); count += 1) {
  await withLockFile(path, async () => {
    await turn();
    await appendFile(journal, `${process.pid} gives it back\n`);
  });
}
await withLockFile(path, async () => {
  await turn();
  await appendFile(journal, `${process.pid} keeps it\n`);
  console.log('keeps it');
  await new Promise(() => setInterval(() => {}, 60_000));
});
