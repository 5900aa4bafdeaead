import process from 'node:process';
import { createProjectStore } from '@ai-toolkit/project-store';

/** Writes texts of a stage until killed, and prints the number of each once it is written. */
async function main(root = '', id = '', name = ''): Promise<void> {
  const store = createProjectStore({ root });
  for (let count = 1; ; count++) {
    const text = `# ${name} ${count}\n\n${`Text ${count} of ${name}. `.repeat(400)}\n`;
    await store.writeStage(id, { number: 1, slug: 'initial-plan' }, text);
    process.stdout.write(`${count}\n`);
  }
}

const [root, id, name] = process.argv.slice(2);
await main(root, id, name);
