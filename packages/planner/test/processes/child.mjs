// A second process for the tests: `node child.mjs ROOT ID LOG`. Each call to the model is a line in LOG.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createProjectStore } from '@ai-toolkit/project-store';
import { createPlanner } from '../../dist/index.js';

const [, , root, id, log, slow] = process.argv;

const client = {
  async *generateStreaming(_prompt, options) {
    const { stage } = options.labels;
    appendFileSync(log, `asked ${stage}\n`);
    for (let n = 0; n < 20; n += 1) {
      yield { type: 'text', text: `Line ${n} of stage ${stage}\n` };
      if (slow === stage && n === 10) {
        process.stdout.write('in the middle\n');
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const text = Array.from({ length: 20 }, (_, n) => `Line ${n} of stage ${stage}\n`).join('');
    yield { type: 'done', generation: { text, model: 'm', finishReason: 'stop', cache: 'miss' } };
  },
};

const planner = createPlanner({ store: createProjectStore({ root }), client });
process.stdout.write('ready\n');
for await (const event of planner.run(id)) {
  if (event.type === 'done') appendFileSync(log, `done ${event.stage}\n`);
}
process.stdout.write('finished\n');
