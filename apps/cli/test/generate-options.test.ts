import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

const personSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

describe('generate', () => {
  it('says what an answer cost, and what a hit saved; an unknown price is unknown', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const unknown = await cli.run('generate', 'Price?', '-m', 'house-model');
    expect(unknown.stderr).toMatch(/house-model: miss, \d+ tokens in, \d+ out, cost unknown/);
    await writeFile(
      join(cli.home, 'config.toml'),
      '[prices."openai-compatible/*"]\ninputUsd = 1000000\noutputUsd = 0\n',
    );
    const { value } = await cli.json('generate', 'Price?', '-m', 'other-model');
    expect(value).toMatchObject({ cache: 'miss', savedUsd: 0 });
    expect(value.costUsd).toBe((value.usage as { inputTokens: number }).inputTokens);
    const again = await cli.json('generate', 'Price?', '-m', 'other-model');
    expect(again.value).toMatchObject({ cache: 'hit', costUsd: 0, savedUsd: value.costUsd });
  });

  it('gives JSON that fits a schema, and refuses what is none', async () => {
    await using cli = await createCli();
    const schema = join(cli.home, 'person.json');
    await writeFile(schema, JSON.stringify(personSchema));
    const { code, stdout } = await cli.run('generate', '--schema', schema, 'Invent a person');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ name: expect.any(String), age: expect.any(Number) });
    const { value } = await cli.json('generate', '--schema', schema, 'Invent a person');
    expect(value).toMatchObject({ cache: 'hit', value: JSON.parse(stdout) });
    await cli.run('generate', '--schema', schema, 'Invent a person', '-o', 'out.json');
    expect(JSON.parse(await readFile(join(cli.home, 'out.json'), 'utf8'))).toEqual(JSON.parse(stdout));
    expect((await cli.run('generate', '--schema', 'none.json', 'x')).code).toBe(3);
    await writeFile(schema, '{"type": "wrong"}');
    expect((await cli.run('generate', '--schema', schema, 'x')).code).toBe(2);
    await writeFile(schema, 'name: string');
    expect((await cli.run('generate', '--schema', schema, 'x')).code).toBe(2);
  });

  it('fails when no answer fits the schema, also after it was sent back', async () => {
    await using cli = await createCli();
    const schema = join(cli.home, 'never.json');
    await writeFile(
      schema,
      JSON.stringify({ ...personSchema, properties: { name: { const: 'No model says this' }, age: false } }),
    );
    const { code, value } = await cli.json('generate', '--schema', schema, 'Invent a person');
    expect(code).not.toBe(0);
    expect(value).toHaveProperty('error.code');
  });

  it('asks nobody offline: the cache answers, and a miss fails', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { value } = await cli.json('generate', 'Before');
    const asked = simulator.stats().requests;
    expect((await cli.json('generate', 'Before', '--offline')).value).toMatchObject({
      cache: 'hit',
      text: value.text,
    });
    expect(await cli.json('generate', 'Never before', '--offline')).toMatchObject({
      code: 3,
      value: { error: { code: 'AI_NOT_CACHED' } },
    });
    expect(simulator.stats().requests).toBe(asked);
    await using fresh = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    expect((await fresh.json('generate', 'Before', '--offline')).code).not.toBe(0);
    expect(simulator.stats().requests).toBe(asked);
  });

  it('says when there is no recording', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'tapes'), 'A file where the folder should be.');
    const { code, stdout, stderr } = await cli.run('generate', 'Say hello', '--cassettes', 'tapes');
    expect(code).toBe(0);
    expect(stdout).toContain('Simulated');
    expect(stderr).toContain('The cassettes in tapes cannot be');
  });

  it('records cassettes, and plays them back without a provider', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const cassettes = join(cli.home, 'cassettes');
    const flags = ['-m', 'gpt-4o', '--cassettes', cassettes];
    const { value } = await cli.json('generate', 'On tape', ...flags);
    await simulator.close();
    await using other = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const played = await other.json('generate', 'On tape', ...flags, '--offline');
    expect(played).toMatchObject({ code: 0, value: { text: value.text } });
    expect(await other.json('generate', 'Not on tape', ...flags, '--offline')).toMatchObject({
      code: 3,
      value: { error: { code: 'AI_NOT_CACHED' } },
    });
  });

  it('takes bounds from the configuration where no flag gives them', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await writeFile(join(cli.home, 'config.toml'), 'model = "m"\nmaxTokens = 5\ntemperature = 0.5\n');
    await cli.run('generate', 'Bounded');
    await cli.run('generate', 'Bounded', '--max-tokens', '7');
    const bodies = simulator.requests().map(({ body }) => body);
    expect(bodies[0]).toMatchObject({ model: 'm', max_tokens: 5, temperature: 0.5 });
    expect(bodies[1]).toMatchObject({ max_tokens: 7 });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops at a %s in an answer: 130, and the provider is left',
    async (signal) => {
      await using simulator = await createSimulator({ faults: ['hang-after=4'] });
      await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
      const { child, finish } = cli.start(['generate', 'Slow', '-m', 'm'], '');
      await once(child.stdout ?? child, 'data');
      child.kill(signal);
      const { code, stderr } = await finish;
      expect(code).toBe(130);
      expect(stderr).toContain('Interrupted');
      expect(simulator.stats().routes['chat.completions']).toMatchObject({ aborted: 1 });
    },
  );

  it('says that an answer is cut short by its limit', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const whole = await cli.run('generate', 'Say hello', '-m', 'm');
    expect(whole.stderr).not.toContain('cut short');
    const { code, stderr } = await cli.run('generate', 'Say hello', '-m', 'm', '--max-tokens', '3');
    expect(code).toBe(0);
    expect(stderr).toContain('cut short by the limit of tokens');
    simulator.setFaults('content-filter');
    const filtered = await cli.run('generate', 'Say something else', '-m', 'm');
    expect(filtered.stderr).toContain("cut short by the provider's filter");
  });

  it('asks nothing about what is no text, in a file or on stdin', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await writeFile(join(cli.home, 'photo.png'), Buffer.from('89504e470d0a1a0a0000000d', 'hex'));
    const file = await cli.run('generate', 'What is this?', '-f', 'photo.png', '-m', 'm');
    expect(file).toMatchObject({ code: 2, stderr: expect.stringContaining('photo.png is not text') });
    const piped = await cli.shell('head -c 64 /dev/zero | ait generate -m m');
    expect(piped).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin is not text') });
    expect(simulator.stats().requests).toBe(0);
  });

  it('reads neither a file nor stdin without end', async () => {
    await using cli = await createCli();
    const endless = { code: 2, stderr: expect.stringContaining('/dev/zero has more than') };
    expect(await cli.run('generate', 'What is this?', '-f', '/dev/zero', '-m', 'm')).toMatchObject(endless);
    const piped = await cli.shell('ait config set openai.apiKey < /dev/zero');
    expect(piped).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin has more than') });
  });

  it('reads what Windows writes: marks of byte order, UTF-16, two characters at the end of a line', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await writeFile(join(cli.home, 'utf8.txt'), '\uFEFFTides,\r\ntwice\r\n');
    await writeFile(join(cli.home, 'utf16.txt'), Buffer.from('\uFEFFTides, twice\r\n', 'utf16le'));
    await writeFile(join(cli.home, 'schema.json'), `\uFEFF${JSON.stringify(personSchema)}`);
    await cli.run('generate', '-m', 'm', '-f', 'utf8.txt');
    await cli.run('generate', '-m', 'm', '-f', 'utf16.txt');
    const asked = simulator.requests().map(({ body }) => (body as { messages: object[] }).messages.at(-1));
    expect(asked).toMatchObject([{ content: 'Tides,\r\ntwice' }, { content: 'Tides, twice' }]);
    expect((await cli.run('generate', '-m', 'm', '--schema', 'schema.json', 'A person')).code).toBe(0);
  });

  it('sends the first line of a text as it is, with what it begins with', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await writeFile(join(cli.home, 'part.py'), '\n  \n    return tide\n  print()\n\n');
    await cli.run('generate', '-m', 'm', '-f', 'part.py', 'Explain');
    expect(simulator.requests()[0]?.body).toMatchObject({
      messages: [{ content: '    return tide\n  print()\n\nExplain' }],
    });
  });

  it('stops while it waits for stdin, and before the first word', async () => {
    await using simulator = await createSimulator({ faults: ['hang'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const waiting = cli.start(['generate', '-m', 'm', '--json']);
    await once(waiting.child.stderr ?? waiting.child, 'data');
    waiting.child.kill('SIGINT');
    const { code, stdout } = await waiting.finish;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERRUPTED', exitCode: 130 } });
  });

  it('ends quietly when its reader has seen enough', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const line = "ait generate 'list ten tides' --max-tokens 4000 --quiet | head -c 5";
    expect(await cli.shell(line)).toMatchObject({ code: 0, stderr: '' });
  });

  it('counts an answer that its reader left in the middle, as one that Ctrl-C stopped', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { child, finish } = cli.start(['generate', 'list ten tides', '-m', 'm'], '');
    await once(child.stdout ?? child, 'data');
    child.stdout?.destroy();
    expect(await finish).toMatchObject({ code: 0, stderr: '' });
    expect((await cli.json('usage')).value).toMatchObject({ totals: { calls: 1, aborted: 1 } });
  });
});
