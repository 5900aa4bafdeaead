import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

const key = 'sk-canary0123456789abcdefghijklmnop';
const prompt = 'The canary sings of quinces';

/** Everything that is kept, apart from what is meant to hold texts: projects, stored answers, conversations and what was exported of them. */
async function kept(home: string): Promise<string> {
  const files = await readdir(home, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter(
      (path) =>
        !/^(?:projects|cache|conversations|cassettes|out|secret\.toml)/.test(path.slice(home.length + 1)),
    )
    .map((path) => readFile(path, 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

async function each(cli: Cli, commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  const said: string[] = [];
  for (const args of commands) {
    for (const flags of [['--verbose'], ['--json', '--verbose']]) {
      const { stdout, stderr } = await cli.start([...args, ...flags], '').finish;
      expect(stdout, args.join(' ')).not.toContain(key);
      expect(stderr, args.join(' ')).not.toContain(key);
      // What was asked is told to nobody but who reads results.
      expect(stderr, args.join(' ')).not.toContain('quinces');
      if (stdout.includes('"error"')) said.push(stdout);
    }
  }
  return said;
}

it('no key and no prompt is in what is said, logged or kept, whatever happens', {
  timeout: 240_000,
}, async () => {
  await using simulator = await createSimulator({ apiKeys: [key] });
  await using cli = await createCli();
  const config = `provider = "openai"\nmodel = "m"\n[openai]\napiKey = "${key}"\nbaseUrl = "${simulator.openaiBaseUrl}"\n[redis]\n`;
  await writeFile(join(cli.home, 'secret.toml'), config);
  await writeFile(
    join(cli.home, 'rows.json'),
    JSON.stringify([{ operation: 'run-stage', project_id: 'canary', stage: 1 }]),
  );
  const withKey = ['--config', 'secret.toml'];
  await cli.run(...withKey, 'init', '-n', 'Canary', '-d', prompt);
  await each(
    cli,
    [
      ['generate', prompt],
      ['generate', prompt],
      ['chat'],
      ['models'],
      ['run', '-p', 'canary', '--stages', '1'],
      ['batch', '-f', 'rows.json'],
      ['plan', '-p', 'canary'],
      ['status', '-p', 'canary'],
      ['history', '-p', 'canary'],
      ['config', 'list'],
      ['config', 'get', 'openai.apiKey'],
      ['config', 'validate'],
      ['diagnose'],
      ['usage'],
      ['limits'],
      ['cache', 'stats'],
      ['cache', 'list'],
      ['cache', 'export', 'cassettes'],
      ['export', '-p', 'canary', '-o', 'out', '--format', 'json'],
      ['keys', 'list'],
      ['repair', '--dry-run'],
      ['templates', 'list'],
    ].map((args) => [...withKey, ...args]),
  );
  const diagnosis = await cli.run(...withKey, 'diagnose', '--json');
  expect(diagnosis.stdout).not.toContain('quinces');

  for (const fault of [
    'status=401',
    'status=500',
    'reset',
    'status=429; retry-after=1; retry-after-style=ms',
  ]) {
    simulator.setFaults(fault);
    const errors = await each(cli, [
      [...withKey, 'generate', `${prompt} and of ${fault.slice(0, 10)}`],
      [...withKey, 'run', '-p', 'canary', '--stages', '2'],
      [...withKey, 'diagnose'],
    ]);
    for (const error of errors) expect(error).not.toContain('quinces');
  }
  simulator.clearFaults();
  const offline = await each(cli, [[...withKey, 'generate', `${prompt}, offline`, '--offline']]);
  expect(offline).toHaveLength(1);
  for (const error of offline) expect(error).not.toContain('quinces');

  const all = await kept(cli.home);
  expect(all).toContain('SQLite format 3');
  expect(all).not.toContain(key);
  expect(all).not.toContain('quinces');
});
