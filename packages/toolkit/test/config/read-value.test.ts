import { describe, expect, it } from 'vitest';
import { createPlace } from './support.js';

const url = 'http://127.0.0.1:9/v1';

describe('a configuration', () => {
  it.each([
    ['[[routes]]\nmodel = "a"\n', 'routes.0.targets: must be a list of tables, not absent'],
    ['[[routes]]\nmodel = "a"\ntargets = []\n', 'routes.0.targets: must not be empty'],
    [
      '[[routes]]\nmodel = "a"\ntargets = [{ wait = 1 }]\n',
      'routes.0.targets.0.wait: there is no such setting',
    ],
    ['[[routes]]\ntargets = [{}]\n', 'routes.0.model: must be a string, not absent'],
    ['routes = ["a"]\n', 'routes.0: must be a table, not a string'],
    ['routes = 3\n', 'routes: must be a list of tables, not this number'],
    ['[prices.m]\ninputUsd = 1\n', 'prices.m.outputUsd: must be a number, not absent'],
    ['[prices.""]\ninputUsd = 1\noutputUsd = 1\n', 'prices.: must have a name'],
    ['prices = []\n', 'prices: must be a table, not a list'],
    ['openai = 2026-11-29\n', 'openai: must be a table, not a date'],
    ['model = ""\n', 'model: must not be empty'],
    ['model = "  "\n', 'model: must not be empty'],
    ['[cache]\nmemoryBytes = 0.5\n', 'cache.memoryBytes: must be a whole number, not this number'],
    ['[cache]\ndiskBytes = 1048575\n', 'cache.diskBytes: must be 1048576 or more'],
    ['[semantic]\nthreshold = 0\n', 'semantic.threshold: must be more than 0'],
    [
      '[server]\nrequestTimeoutMs = 0.5\n',
      'server.requestTimeoutMs: must be a whole number, not this number',
    ],
    ['[server]\nkeepAliveMs = 0.5\n', 'server.keepAliveMs: must be a whole number, not this number'],
    ['temperature = 2.1\n', 'temperature: must be 2 or less'],
    ['temperature = nan\n', 'temperature: must be a number, not this number'],
    ['maxTokens = 0\n', 'maxTokens: must be more than 0'],
    ['[cache]\nenabled = "yes"\n', 'cache.enabled: must be true or false, not a string'],
    ['[openai]\nbaseUrl = "localhost"\n', 'openai.baseUrl: must be a whole URL of the right protocol'],
    [
      '[openai]\nbaseUrl = "redis://localhost"\n',
      'openai.baseUrl: must be a whole URL of the right protocol',
    ],
    [
      '[openai]\nbaseUrl = "http://user:secret@localhost/v1"\n',
      'openai.baseUrl: must not hold a user or a password',
    ],
    [
      '[anthropic]\nbaseUrl = "https://secret@localhost"\n',
      'anthropic.baseUrl: must not hold a user or a password',
    ],
    [
      '[ollama]\nbaseUrl = "http://user:secret@localhost"\n',
      'ollama.baseUrl: must not hold a user or a password',
    ],
    ['[ollama]\nbaseUrl = "user:secret@box:1"\n', 'ollama.baseUrl: must not hold a user or a password'],
    [
      '[openai]\napiKey = "sk-one\\nsk-two"\n',
      'openai.apiKey: must have no line break and no characters but those of ASCII',
    ],
    [
      '[anthropic]\napiKey = "ключ"\n',
      'anthropic.apiKey: must have no line break and no characters but those of ASCII',
    ],
    ['[openai]\nconstructor = 1\n', 'openai.constructor: there is no such setting'],
  ])('is refused for %j', async (text, said) => {
    await using place = await createPlace();
    await place.write('config.toml', text);
    await expect(place.load()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${place.file}: ${said}.`,
    });
  });

  it('is read with what is not given in it, and nothing else', async () => {
    await using place = await createPlace();
    await place.write(
      'config.toml',
      `[openai]\nbaseUrl = " ${url} "\n[[routes]]\nmodel = "fast"\ntargets = [{ model = "m", weight = 0.5 }]\n[prices."a/b"]\ninputUsd = 0\noutputUsd = 2\n`,
    );
    const { config } = await place.load();
    expect(config.openai).toEqual({ baseUrl: url, omitsFinishReason: false });
    expect(config.routes).toEqual([{ model: 'fast', targets: [{ model: 'm', weight: 0.5 }] }]);
    expect(config.prices).toEqual({ 'a/b': { inputUsd: 0, outputUsd: 2 } });
    expect(config.projects).toEqual({});
    expect(config).not.toHaveProperty('model');
  });
});
