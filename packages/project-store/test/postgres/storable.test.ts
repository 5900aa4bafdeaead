import { expect, it } from 'vitest';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan = { number: 1, slug: 'initial-plan' };

describeWithPostgres('what PostgreSQL cannot hold as a text', () => {
  const fixture = useServer();

  it('is kept as its picture in what is known of a project, and told as it is kept', async () => {
    const store = fixture.store();
    const made = await store.create({ name: 'Tide', description: 'a\0b' });
    expect(made).toMatchObject({ name: 'Tide', description: 'a\u2400b' });
    const { id } = made;
    for (const change of [
      () => store.update(id, { description: 'c\0d' }),
      () => store.failStage(id, plan, { code: '\0', message: 'no\0 answer \ud83d' }),
      () => store.resetStage(id, plan),
      () => store.writeIdea(id, 'a\0b'),
    ]) {
      const told = await change();
      expect(JSON.stringify(told)).not.toMatch(/\\u0000|\\ud[89a-f]/u);
      expect(await store.get(id)).toEqual(told);
    }
    const settings = { 'a\0': ['\0', { '\ud800': '\ud800' }], missing: undefined };
    const { path: _path, ...revision } = await store.writeStage(id, plan, 'a\0b', { settings });
    expect(await store.listRevisions(id, plan)).toEqual([revision]);
    expect(revision.settings).toEqual({ 'a\u2400': ['\u2400', { '\ufffd': '\ufffd' }] });
    expect((await store.readStage(id, plan))?.text).toBe('a\0b');
    expect(await store.readIdea(id)).toBe('a\0b');
  });
});
