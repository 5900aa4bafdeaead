import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { commandAt } from '../support/command.ts';
import type { Scenario } from '../support/scenario.ts';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.ts';

interface Status {
  readonly stages: readonly { readonly status: string }[];
}

export const scenario: Scenario = {
  promise:
    'A plan that meets a full disk fails with a code and leaves what was there; with room again it goes on where it stopped.',
  test: 'packages/project-store/test/failures/full-disk.test.ts',
  unavailable: noSmallDisk,
  async run(scene) {
    const simulator = scene.use(await createSimulator());
    const disk = scene.use(await mountSmallDisk(32 * 1024 * 1024));
    const command = commandAt(disk.path, simulator.openaiBaseUrl);
    const { value: project } = await command.json<{ id: string }>('init', '-n', 'Tide', '-d', 'A clock');
    const first = await command.json('run', '-p', project.id, '--stages', '1-2');
    assert.equal(first.code, 0);
    // Leave room for a few blocks, so that the disk fills up in the middle of an operation.
    await disk.fill(4096 * scene.random.between(0, 8));
    const failed = await command.json<{ error: { code: string; exitCode: number } }>('run', '-p', project.id);
    assert.equal(failed.code, 1, JSON.stringify(failed.value));
    assert.equal(failed.value.error.exitCode, 1);
    await disk.free();
    const after = await command.json<Status>('status', '-p', project.id);
    const done = after.value.stages.filter(({ status }) => status === 'done').length;
    assert.ok(done >= 2, 'what was done is still done');
    const { requests } = simulator.stats();
    const again = await command.json('run', '-p', project.id);
    assert.equal(again.code, 0, JSON.stringify(again.value));
    const asked = simulator.stats().requests - requests;
    assert.ok(asked <= 6 - done, `${asked} requests for ${6 - done} stages`);
    const repair = await command.run('repair', '--dry-run', '--json');
    assert.equal(repair.code, 0);
    return `${failed.value.error.code}, exit code 1; ${done} of 6 stages stayed done, the rest took ${asked} requests`;
  },
};
