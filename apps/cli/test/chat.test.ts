import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('chat', () => {
  it('takes each line of a pipe for a turn, and keeps the conversation', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const first = await cli.start(['chat', '-m', 'm', '-s', 'Be brief'], 'One\n\nTwo\n').finish;
    expect(first.code).toBe(0);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(2);
    const [, id = ''] = /--continue (\S+)/.exec(first.stderr) ?? [];
    const folder = join(cli.home, 'conversations');
    const [file = ''] = await readdir(folder);
    expect(file).toBe(`${id}.json`);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    for (const which of [[], [id], [id.slice(0, -2)]]) {
      const { code, stdout } = await cli.start(['chat', '--json', '--continue', ...which], 'And now?\n')
        .finish;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        id,
        turns: [{ prompt: 'And now?', answer: expect.any(String) }],
      });
    }
    const last = simulator.requests().at(-1)?.body as { model: string; messages: { role: string }[] };
    expect(last.model).toBe('m');
    expect(last.messages.map(({ role }) => role)).toEqual([
      'system',
      ...Array.from({ length: 4 }, () => ['user', 'assistant']).flat(),
      'user',
    ]);
    expect(await readdir(folder)).toEqual([file]);
  });

  it('needs a prompt, and a conversation to go on with', async () => {
    await using cli = await createCli();
    expect(await cli.start(['chat'], '\n').finish).toMatchObject({ code: 2, stdout: '' });
    expect(await cli.start(['chat', '--no-input'], 'x\n').finish).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no prompt'),
    });
    const none = await cli.start(['chat', '--continue', '--json'], 'x\n').finish;
    expect(none.code).toBe(3);
    expect(JSON.parse(none.stdout)).toMatchObject({
      error: { code: 'CHAT_NOT_FOUND', hint: expect.any(String) },
    });
    await cli.start(['chat'], 'x\n').finish;
    expect(await cli.start(['chat', '--continue', '1999'], 'x\n').finish).toMatchObject({ code: 3 });
    const [file = ''] = await readdir(join(cli.home, 'conversations'));
    await writeFile(join(cli.home, 'conversations', file), '{"vers');
    const damaged = await cli.start(['chat', '--continue', file.slice(0, 4), '--json'], 'x\n').finish;
    expect(JSON.parse(damaged.stdout)).toMatchObject({ error: { code: 'CHAT_DAMAGED' } });
  });

  it('keeps the turns that were whole when it is interrupted, and says how to go on', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { child, finish } = cli.start(['chat', '-m', 'm']);
    child.stdin?.write('One\n');
    while (!/tokens/.test(String((await once(child.stderr ?? child, 'data'))[0])));
    simulator.setFaults('hang-after=4');
    child.stdin?.write('Two\n');
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    const { code, stderr } = await finish;
    expect(code).toBe(130);
    expect(stderr).toContain('chat --continue');
    const [file = ''] = await readdir(join(cli.home, 'conversations'));
    const { messages } = JSON.parse(await readFile(join(cli.home, 'conversations', file), 'utf8'));
    expect(messages).toMatchObject([{ content: 'One' }, { role: 'assistant' }]);
  });

  it('says it when it cannot keep what was said', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'conversations'), '');
    const { code, stdout } = await cli.start(['chat', '--json'], 'x\n').finish;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'CHAT_UNWRITABLE', hint: expect.any(String) },
    });
  });
});
