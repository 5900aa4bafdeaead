import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { createKeyring } from '../src/index.js';
import { createScratch } from './support/scratch.js';

/** `KEYS_OPENING_ROUNDS=200` for the long form. */
const rounds = Number(process.env.KEYS_OPENING_ROUNDS ?? 20);
const processes = 4;

/** Makes a key in the file of each line that it gets, and tells its name. */
const program = `
  import { createInterface } from 'node:readline';
  import { createKeyring } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
  console.log('ready');
  for await (const path of createInterface({ input: process.stdin })) {
    const keyring = createKeyring({ path });
    const told = await keyring.create({ name: String(process.pid) }).then(({ key }) => key.name, String);
    await keyring.close();
    console.log(told);
  }`;

function startMaker() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => String((await lines.next()).value) };
}

it(
  `${processes} processes that make the file in the same moment each get their key, ${rounds} times over`,
  async () => {
    await using scratch = await createScratch();
    const makers = Array.from({ length: processes }, startMaker);
    expect(await Promise.all(makers.map(({ next }) => next()))).toEqual(makers.map(() => 'ready'));
    const names = makers.map(({ child }) => String(child.pid));
    for (let round = 0; round < rounds; round += 1) {
      const path = join(scratch.folder, `round-${round}`, 'keys.sqlite');
      for (const { child } of makers) child.stdin.write(`${path}\n`);
      expect(await Promise.all(makers.map(({ next }) => next()))).toEqual(names);
      await using keyring = createKeyring({ path });
      expect((await keyring.list()).map(({ name }) => name).sort()).toEqual(names.toSorted());
    }
  },
  5000 * rounds,
);
