import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('what a running server saves', { timeout: 60_000 }, () => {
  it('is told by cache stats, and its advice by diagnose as well', async () => {
    await using simulator = await createSimulator();
    await using cli = await createCli({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { child, finish } = cli.start(['serve', '--port', '0']);
    const url = await new Promise<string>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => resolve(/http:\S+/.exec(chunk.toString())?.[0] ?? ''));
    });
    const ask = async (second: number): Promise<void> => {
      const time = new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();
      const messages = [
        { role: 'system', content: `It is ${time}.` },
        { role: 'user', content: 'When is high tide?' },
      ];
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', messages }),
      });
      await response.text();
    };
    for (let second = 0; second < 50; second++) await ask(second);
    await ask(0);
    await using reader = await createCli({
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      AI_TOOLKIT_PORT: new URL(url).port,
    });
    const { stdout } = await reader.run('cache', 'stats');
    expect(stdout).toContain('memory cache');
    expect(stdout).toContain('differ only in a timestamp in messages[0].content');
    const { value } = await reader.json('cache', 'stats');
    expect(value.effectiveness).toMatchObject({
      calls: { total: 51, outcomes: { hit: 1, miss: 50 } },
      advice: [{ rule: 'varying-field' }],
    });
    const { code, value: diagnosed } = await reader.json('diagnose');
    expect(code).toBe(0);
    expect(diagnosed.checks).toContainEqual({
      name: 'varying-field',
      status: 'warning',
      detail: expect.stringContaining('a timestamp in messages[0].content'),
      remedy: expect.stringContaining('x-cache-key'),
    });
    child.kill('SIGTERM');
    await finish;
  });

  it('is nothing while none runs', async () => {
    await using cli = await createCli({ AI_TOOLKIT_PORT: '9' });
    const { code, value } = await cli.json('cache', 'stats');
    expect(code).toBe(0);
    expect(value.effectiveness).toBeNull();
  });
});
