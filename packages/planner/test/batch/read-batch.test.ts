import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBatch } from '../../src/index.js';
import { temporaryFolder } from '../temporary.js';

async function read(text: string, name = 'batch.json') {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, text);
  return readBatch(file);
}

describe('readBatch', () => {
  it('takes JSON and TOML, and the ways in which people spell a field', async () => {
    const rows = [
      { operation: 'run-stage', projectId: 'tide', stage: 1, maxTokens: 10, variables: { tone: 'warm' } },
      { operation: 'run', projectId: 'rain', stages: [1, 2], maxCost: 0.5 },
    ];
    const json = [
      { operation: 'run_stage', project_id: 'tide', stage: 1, max_tokens: 10, vars: { tone: 'warm' } },
      { operation: 'run', project: 'rain', stages: [1, 2], maxCost: 0.5 },
    ];
    expect((await read(JSON.stringify(json))).rows).toEqual(rows);
    expect((await read(JSON.stringify({ operations: json }))).rows).toEqual(rows);
    const toml = `
[[rows]]
operation = "run-stage"
project_id = "tide"
stage = 1
max_tokens = 10
vars = { tone = "warm" }

[[rows]]
operation = "run"
project = "rain"
stages = [1, 2]
max-cost = 0.5
`;
    expect((await read(toml, 'batch.toml')).rows).toEqual(rows);
  });

  it('says which row and field is wrong, of all of them', async () => {
    const rows = [
      { operation: 'run-stage', project_id: 'tide', stage: 'one' },
      { operation: 'run-stage', project_id: 'tide', stage: 1, stge: 2 },
      { operation: 'fly', project_id: 'tide' },
      { operation: 'run' },
      'row',
    ];
    const error = await read(JSON.stringify(rows)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PLAN_BATCH_INVALID' });
    const { message } = error as Error;
    for (const part of ['row 1: stage', 'row 2: ', 'stge', 'row 3: operation', 'row 4: projectId', 'row 5']) {
      expect(message).toContain(part);
    }
    for (const text of ['{', '[]', '{}', '3', '{"a": [], "b": []}', '{"a": 1}']) {
      await expect(read(text), text).rejects.toMatchObject({ code: 'PLAN_BATCH_INVALID' });
    }
    await expect(read('rows = [', 'x.toml')).rejects.toMatchObject({ code: 'PLAN_BATCH_INVALID' });
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'dir.json'));
    await expect(readBatch(join(folder, 'dir.json'))).rejects.toMatchObject({ code: 'PLAN_BATCH_INVALID' });
    await expect(readBatch(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'PLAN_BATCH_NOT_FOUND',
    });
  });
});
