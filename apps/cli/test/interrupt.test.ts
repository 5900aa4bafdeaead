import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';
import { controlC, describeOnTerminal, startOnTerminal } from './support/terminal.js';

/** Every command that asks a model, ready to be started. */
const commands: Readonly<Record<string, readonly string[]>> = {
  generate: ['generate', 'Say something'],
  chat: ['chat'],
  run: ['run', '-p', 'tide'],
  'run-stage': ['run-stage', '-p', 'tide', '-s', '1'],
  batch: ['batch', '-f', 'rows.json'],
};

interface Phase {
  readonly name: string;
  readonly fault: string;
  /** Resolves when the command is in it. */
  reached(simulator: Simulator): Promise<void>;
}

const phases: readonly Phase[] = [
  {
    name: 'before the first byte',
    fault: 'hang',
    reached: (simulator) => expect.poll(() => simulator.stats().inFlight, { timeout: 30_000 }).toBe(1),
  },
  {
    name: 'in the middle of an answer',
    fault: 'hang-after=4',
    reached: (simulator) => expect.poll(() => simulator.stats().inFlight, { timeout: 30_000 }).toBe(1),
  },
  {
    name: 'while it waits for its next attempt',
    fault: 'status=429; retry-after=30000; retry-after-style=ms',
    reached: (simulator) => expect.poll(() => simulator.stats().requests, { timeout: 30_000 }).toBe(1),
  },
];

const cases = phases.flatMap((phase) =>
  Object.entries(commands).map(([name, args]) => ({ name, args, phase })),
);

async function prepare(simulator: Simulator): Promise<Cli> {
  const cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl, AI_TOOLKIT_MODEL: 'm' });
  await cli.run('init', '-n', 'Tide', '-d', 'A wall clock that shows the tide');
  const rows = [{ operation: 'run-stage', project_id: 'tide', stage: 1 }];
  await writeFile(join(cli.home, 'rows.json'), JSON.stringify(rows));
  return cli;
}

describe('Ctrl-C', () => {
  it.each(cases)('ends $name $phase.name with 130, and leaves the provider', async ({ args, phase }) => {
    await using simulator = await createSimulator({ faults: [phase.fault] });
    await using cli = await prepare(simulator);
    const { child, finish } = cli.start(args);
    child.stdin?.write('Say something\n');
    if (args[0] === 'generate') child.stdin?.end();
    await phase.reached(simulator);
    child.kill('SIGINT');
    const { code, stderr } = await finish;
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted');
    expect(stderr).toContain('To resume');
    await expect.poll(() => simulator.stats().inFlight).toBe(0);
    // It can be done again at once: nothing is locked, nothing half-made is in the way.
    simulator.clearFaults();
    const again = cli.start(args, 'Say something\n');
    expect((await again.finish).code).toBe(0);
  });

  it('ends a run whose next stage waits for its turn', async () => {
    await using simulator = await createSimulator();
    await using cli = await prepare(simulator);
    await writeFile(join(cli.home, 'config.toml'), '[limits]\nrequestsPerMinute = 1\nmaxWaitMs = 600000\n');
    const { child, finish } = cli.start(['run', '-p', 'tide']);
    for (let said = ''; !/2 Architecture Design: started/.test(said); )
      said += String((await once(child.stderr ?? child, 'data'))[0]);
    child.kill('SIGINT');
    expect(await finish).toMatchObject({ code: 130, stderr: expect.stringContaining('To resume') });
    expect(simulator.stats().requests).toBe(1);
  });
});

describeOnTerminal('Ctrl-C on a terminal', () => {
  it.each(cases.filter(({ name }) => name !== 'run-stage'))(
    'ends $name $phase.name, and gives the terminal back',
    async ({ name, args, phase }) => {
      await using simulator = await createSimulator({ faults: [phase.fault] });
      await using cli = await prepare(simulator);
      const words = name === 'generate' ? [...args, '--no-input'] : args;
      const { OPENAI_BASE_URL = '', AI_TOOLKIT_MODEL = '' } = cli.environment;
      const terminal = startOnTerminal(cli, words, { OPENAI_BASE_URL, AI_TOOLKIT_MODEL });
      if (name === 'chat') {
        await terminal.shows('> ');
        terminal.type('Say something\r');
      }
      await phase.reached(simulator);
      terminal.type(controlC);
      const { code, raw, settings } = await terminal.finish;
      expect(code).toBe(130);
      expect(raw).toContain('Interrupted');
      // What was hidden or changed is as it was: the cursor is shown, lines are read and typed characters are seen.
      expect(raw.lastIndexOf('\u001B[?25l')).toBeLessThanOrEqual(raw.lastIndexOf('\u001B[?25h'));
      expect(settings.after).toBe(settings.before);
      await expect.poll(() => simulator.stats().inFlight).toBe(0);
    },
  );
});
