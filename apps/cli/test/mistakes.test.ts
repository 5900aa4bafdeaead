import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('mistakes', () => {
  it.each([
    [2, ['generate', '--temperature', '-1', 'hi'], /from 0 to 2/],
    [2, ['generate', '--temperature', '', 'hi'], /from 0 to 2/],
    [2, ['generate', '--max-tokens', '0', 'hi'], /1 or more/],
    [2, ['run', '-p', 'x', '--max-cost', '-1'], /0 or more/],
    [2, ['run', '-p', 'x', '--concurrency', '0'], /1 or more/],
    [2, ['generate', '-5', 'degrees'], /too many arguments/],
    [2, ['generat', 'hi'], /unknown command 'generat'.*Did you mean generate/],
    [2, ['list', 'extra'], /too many arguments/],
    [3, ['generate', '-f', 'none.md', 'hi'], /There is no file or folder none\.md/],
    [1, ['generate', '-f', '.', 'hi'], /\. cannot be read \(EISDIR\)/],
    [3, ['generate', '--schema', 'none.json', 'hi'], /none\.json/],
    [3, ['generate', '-o', 'no/where.md', 'hi'], /There is no file or folder no/],
    [1, ['generate', '-o', '.', 'hi'], /\. cannot be written \(EISDIR\)/],
    [3, ['cache', 'explain', 'none.json'], /none\.json/],
    [3, ['cache', 'import', 'none'], /There is no file or folder none/],
    [3, ['--config', 'none.toml', 'list'], /There is no configuration file "none\.toml"/],
    [2, ['--config', '', 'list'], /--config.* is empty/],
    [2, ['init', '-n', 'a', '--path', ''], /--path.* is empty/],
    [2, ['import-code', '-p', 'x', '-f', ''], /--file.* is empty/],
    [2, ['cache', 'export', ''], /dir.* is empty/],
    [2, ['usage', '--since', '2026-02-31'], /--since.*a date such as/],
    [2, ['keys', 'create', '-n', 'a', '--rpm', '0'], /--rpm.*1 or more/],
  ] as const)('exit with %i and say in one sentence what is wrong: %j', async (exitCode, args, said) => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl, AI_TOOLKIT_MODEL: 'm' });
    const { code, value } = await cli.json(...args);
    expect({ code, value }).toMatchObject({
      code: exitCode,
      value: { error: { exitCode, message: expect.stringMatching(said), hint: expect.any(String) } },
    });
    expect(JSON.stringify(value)).not.toContain('error: ');
    const words = await cli.run(...args);
    expect(words).toMatchObject({ code: exitCode, stdout: '' });
    expect(words.stderr).toMatch(/^error: /);
    // None of them costs anything.
    expect(simulator.stats().requests).toBe(0);
  });

  it('of the shell are told as well: a full disk, a folder that is gone, an empty HOME', async () => {
    await using cli = await createCli();
    await cli.run('init', '-n', 'Tide', '-d', 'x');
    if (existsSync('/dev/full')) {
      for (const line of [
        'ait list > /dev/full',
        'ait --version > /dev/full',
        'ait list --json > /dev/full',
      ]) {
        const { code, stderr } = await cli.shell(line);
        expect(code, line).toBe(1);
        expect(stderr, line).toMatch(/^error: The output cannot be written: ENOSPC[^\n]*\n$/);
      }
      const written = await cli.shell('ait generate "Say hello" --quiet -o /dev/full');
      expect(written.code).toBe(1);
      expect(written.stderr).toMatch(/^error: \/dev\/full cannot be written \(ENOSPC\)\.\n {2}\S/);
    }
    const gone = join(cli.home, 'gone');
    await mkdir(gone);
    const left = await cli.shell(`cd ${gone} && rmdir ${gone} && ait list`);
    expect(left).toMatchObject({ code: 1, stderr: expect.stringContaining('current folder is not there') });
    const { AI_TOOLKIT_HOME: _home, ...homeless } = cli.environment;
    for (const environment of [homeless, { ...homeless, HOME: '' }]) {
      const { stdout } = await cli.shell('ait config path', environment);
      expect(stdout).toMatch(/^\/.+config\.toml\n$/);
    }
    await rm(gone, { recursive: true, force: true });
  });

  it('are none where the streams are closed or hold what is no text', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl, AI_TOOLKIT_MODEL: 'm' });
    for (const [line, code] of [
      ['ait generate hi <&-', 0],
      ['ait generate hi >&-', 0],
      ['ait generate hi 2>&-', 0],
      ['ait generate <&-', 2],
      ["printf '\\377\\376\\000' | ait generate", 0],
      ['ait generate "grüße 你好 🌊"', 0],
      ['ait generate -- --help', 0],
      ['ait list | head -1', 0],
    ] as const) {
      const result = await cli.shell(line);
      expect(result.code, `${line}: ${result.stderr}`).toBe(code);
      expect(result.stderr, line).not.toMatch(/ {4}at /);
    }
  });

  it('keep their exit code where nobody reads what is told of them', async () => {
    await using cli = await createCli();
    for (const [command, code] of [
      ['ait status -p nobody --json', 3],
      ['ait status -p nobody 2>&1', 3],
      ['ait cache delete abcdef0123 --json', 3],
      ['ait list --json', 0],
    ] as const) {
      const { stderr } = await cli.shell(`{ { ${command}; }; echo "code $?" >&3; } 3>&2 | true`);
      expect(stderr, command).toContain(`code ${code}`);
    }
  });
});
