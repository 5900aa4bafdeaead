import { describe, expect, it } from 'vitest';
import { createPlace } from './support.js';

const file = `model = "base"
[openai]
baseUrl = "http://127.0.0.1:9/v1"
omitsFinishReason = true
[profiles.work]
model = "of-work"
[profiles.work.openai]
baseUrl = "http://127.0.0.1:10/v1"
[profiles.home]
temperature = 1
`;

describe('profiles', () => {
  it('says only what differs from the rest of the file', async () => {
    await using place = await createPlace();
    await place.write('config.toml', file);
    expect((await place.load()).config.model).toBe('base');
    expect((await place.load({ profile: 'work' })).config).toMatchObject({
      model: 'of-work',
      openai: { baseUrl: 'http://127.0.0.1:10/v1', omitsFinishReason: true },
    });
    const { config } = await place.load({ environment: { AI_TOOLKIT_PROFILE: 'home' } });
    expect(config).toMatchObject({ model: 'base', temperature: 1 });
    const both = { environment: { AI_TOOLKIT_PROFILE: 'home' }, profile: 'work' };
    expect((await place.load(both)).config.model).toBe('of-work');
  });

  it('is weaker than the environment and the file of a project', async () => {
    await using place = await createPlace();
    await place.write('config.toml', file);
    await place.write('ai-toolkit.toml', 'model = "of-project"\n');
    expect((await place.load({ profile: 'work' })).config.model).toBe('of-project');
    const environment = { AI_TOOLKIT_MODEL: 'of-environment' };
    expect((await place.load({ profile: 'work', environment })).config.model).toBe('of-environment');
  });

  it('must be there, and belongs into the own file alone', async () => {
    await using place = await createPlace();
    await place.write('config.toml', file);
    await expect(place.load({ profile: 'wrok' })).rejects.toMatchObject({
      code: 'CONFIG_PROFILE_UNKNOWN',
      hint: expect.stringContaining('work, home'),
    });
    await expect(place.load({ profile: 'toString' })).rejects.toMatchObject({
      code: 'CONFIG_PROFILE_UNKNOWN',
    });
    await place.write('ai-toolkit.toml', '[profiles.work]\nmodel = "x"\n');
    await expect(place.load()).rejects.toThrow(/"profiles" cannot be set/);
  });
});
