import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createKeyring, KeysError } from '../src/index.js';
import { digestOf } from '../src/secret.js';
import { sqliteKeyStore } from '../src/sqlite/sqlite-key-store.js';
import { createScratch } from './support/scratch.js';

const day = 86_400_000;

describe('keyring', () => {
  it('makes a key of 256 random bits, tells it once and stores it nowhere', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    expect(await keyring.list()).toEqual([]);
    expect(keyring.verify(`ait-${'A'.repeat(43)}`)).toBeUndefined();
    expect(keyring.hasKey('gateway')).toBe(false);
    expect(existsSync(scratch.path), 'no file until there is a key').toBe(false);
    const { key, secret } = await keyring.create({ name: 'Team A', tenant: 'a' });
    expect(secret).toMatch(/^ait-[\w-]{43}$/);
    expect((await keyring.create({ name: 'Team A' })).secret).not.toBe(secret);
    expect(keyring.verify(secret)).toMatchObject({
      name: 'Team A',
      tenant: 'a',
      models: ['*'],
      role: 'gateway',
    });
    expect(keyring.verify(secret)).toBe(keyring.verify(secret));
    await keyring.close();
    for (const file of await readdir(dirname(scratch.path))) {
      const bytes = await readFile(`${dirname(scratch.path)}/${file}`);
      expect(bytes.includes(secret.slice(4)), file).toBe(false);
      expect(bytes.includes(Buffer.from(secret.slice(4), 'base64url')), file).toBe(false);
    }
    await using again = createKeyring({ path: scratch.path });
    expect(JSON.stringify(await again.list())).not.toContain(secret.slice(4));
    expect(again.verify(secret)?.id).toBe(key.id);
  });

  it('lets nobody else on the machine read the file', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    await keyring.create({ name: 'x' });
    for (const file of await readdir(dirname(scratch.path)))
      expect((await stat(`${dirname(scratch.path)}/${file}`)).mode & 0o077, file).toBe(0);
  });

  it('knows no key that is not exactly one', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { secret } = await keyring.create({ name: 'x' });
    const last = secret.endsWith('A') ? 'B' : 'A';
    const wrong = ['', 'ait-', ` ${secret}`, `${secret} `, secret.slice(0, -1) + last, secret.toUpperCase()];
    for (const text of [...wrong, `${secret}x`, 'x'.repeat(1_000_000), secret.replace('ait-', 'sk--')])
      expect(keyring.verify(text), text.slice(0, 60)).toBeUndefined();
  });

  it('signs in the name of a key the same everywhere, for as long as the key is good', async () => {
    await using scratch = await createScratch();
    let now = 1_800_000_000_000;
    const clock = () => now;
    await using keyring = createKeyring({ path: scratch.path, clock, lookEveryMs: 0 });
    await using other = createKeyring({ path: scratch.path, clock, lookEveryMs: 0 });
    const { key, secret } = await keyring.create({ name: 'x', role: 'admin', expiresAt: now + day });
    const { key: second } = await keyring.create({ name: 'y', role: 'admin' });
    const signer = keyring.signer(key.id, 'a');
    expect(signer).toMatchObject({ key });
    expect(signer?.secret).toHaveLength(32);
    expect(other.signer(key.id, 'a')?.secret).toEqual(signer?.secret);
    expect(keyring.signer(key.id, 'b')?.secret).not.toEqual(signer?.secret);
    expect(keyring.signer(second.id, 'a')?.secret).not.toEqual(signer?.secret);
    expect(signer?.secret).not.toEqual(Buffer.from(secret.slice(4), 'base64url'));
    expect(keyring.signer('none', 'a')).toBeUndefined();
    await other.revoke(second.id);
    expect(keyring.signer(second.id, 'a')).toBeUndefined();
    now += day;
    expect(keyring.signer(key.id, 'a')).toBeUndefined();
  });

  it('ends a key that has expired, at that moment', async () => {
    await using scratch = await createScratch();
    let now = 1_800_000_000_000;
    await using keyring = createKeyring({ path: scratch.path, clock: () => now });
    const { secret } = await keyring.create({ name: 'guest', expiresAt: now + day });
    now += day - 1;
    expect(keyring.verify(secret)).toBeDefined();
    expect(keyring.hasKey('gateway')).toBe(true);
    now += 1;
    expect(keyring.verify(secret)).toBeUndefined();
    expect(keyring.hasKey('gateway')).toBe(false);
  });

  it('lists a stored key whose end is no date that can be shown as one that never expires', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { key, secret } = await keyring.create({ name: 'x' });
    const store = sqliteKeyStore(scratch.path);
    const expiresAt = 8_640_000_000_000_001;
    await store.put([{ key: { ...key, id: '0000000000', expiresAt }, digest: digestOf(`${secret}x`) }]);
    await store.close();
    const listed = await keyring.list();
    expect(listed.map(({ id }) => id).sort()).toEqual(['0000000000', key.id].sort());
    for (const each of listed) expect(each).not.toHaveProperty('expiresAt');
  });

  it('sees what another process has changed: a new key, and a revocation', async () => {
    await using scratch = await createScratch();
    await using server = createKeyring({ path: scratch.path, lookEveryMs: 0 });
    await using command = createKeyring({ path: scratch.path, lookEveryMs: 0 });
    expect(server.hasKey('gateway')).toBe(false);
    const { secret, key } = await command.create({ name: 'late' });
    expect(server.verify(secret)?.id).toBe(key.id);
    expect(await command.revoke(key.id)).toMatchObject({ id: key.id, revokedAt: expect.any(Number) });
    expect(server.verify(secret)).toBeUndefined();
    expect(command.verify(secret)).toBeUndefined();
    expect(await server.list()).toMatchObject([{ id: key.id, revokedAt: expect.any(Number) }]);
  });

  it('knows what it has listed, and everything that comes behind it', async () => {
    await using scratch = await createScratch();
    await using server = createKeyring({ path: scratch.path, lookEveryMs: 0 });
    await using command = createKeyring({ path: scratch.path });
    const early = await command.create({ name: 'early' });
    expect(await server.list()).toHaveLength(1);
    expect(server.verify(early.secret)?.name).toBe('early');
    const late = await command.create({ name: 'late' });
    expect(await server.list()).toHaveLength(2);
    expect(server.verify(late.secret)?.name).toBe('late');
    await command.revoke('early');
    await server.list();
    expect(server.verify(early.secret)).toBeUndefined();
  });

  it('knows a key that was made a moment ago', async () => {
    await using scratch = await createScratch();
    await using server = createKeyring({ path: scratch.path, lookEveryMs: 3_600_000 });
    await using command = createKeyring({ path: scratch.path });
    const early = await command.create({ name: 'early' });
    expect(server.verify(early.secret)?.name).toBe('early');
    const late = await command.create({ name: 'late' });
    // Not for each of many guesses, but soon.
    await vi.waitFor(() => expect(server.verify(late.secret)?.name).toBe('late'));
  });

  it('does not look at the file for each request', async () => {
    await using scratch = await createScratch();
    await using server = createKeyring({ path: scratch.path, lookEveryMs: 3_600_000 });
    await using command = createKeyring({ path: scratch.path });
    const { secret, key } = await command.create({ name: 'x' });
    expect(server.verify(secret)).toBeDefined();
    await command.revoke(key.id);
    expect(server.verify(secret)).toBeDefined();
  });

  it('revokes by name where it is that of one key, and by id always', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    const { key: first } = await keyring.create({ name: 'twin' });
    await keyring.create({ name: 'twin' });
    await expect(keyring.revoke('twin')).rejects.toThrow(expect.objectContaining({ code: 'KEYS_AMBIGUOUS' }));
    await keyring.revoke(first.id);
    await keyring.revoke('twin');
    for (const gone of ['twin', first.id, 'never'])
      await expect(keyring.revoke(gone)).rejects.toThrow(expect.objectContaining({ code: 'KEYS_NOT_FOUND' }));
  });

  it('writes when a key was last used, for others to see', async () => {
    await using scratch = await createScratch();
    let now = 1_800_000_000_000;
    const keyring = createKeyring({ path: scratch.path, clock: () => now });
    const { secret } = await keyring.create({ name: 'x' });
    now += 5000;
    keyring.verify(secret);
    await keyring.close();
    await keyring.close();
    await using other = createKeyring({ path: scratch.path });
    expect(await other.list()).toMatchObject([{ lastUsedAt: now }]);
    expect(() => keyring.verify(secret)).toThrow(expect.objectContaining({ code: 'KEYS_CLOSED' }));
  });

  it('lets nobody in when the file is damaged or from the future, and says so', async () => {
    await using scratch = await createScratch();
    await using maker = createKeyring({ path: scratch.path });
    const { secret } = await maker.create({ name: 'x' });
    await maker.close();
    await writeFile(scratch.path, 'no database at all, but long enough to be looked at as one'.repeat(100));
    await using keyring = createKeyring({ path: scratch.path });
    for (let round = 0; round < 2; round++) {
      try {
        keyring.verify(secret);
        expect.unreachable();
      } catch (error) {
        expect(KeysError.isInstance(error)).toBe(true);
        expect(error).toMatchObject({ code: 'KEYS_UNAVAILABLE', retryable: true });
      }
    }
    await expect(keyring.create({ name: 'y' })).rejects.toThrow(
      expect.objectContaining({ code: 'KEYS_UNAVAILABLE' }),
    );
  });

  it('forgets the keys of a file that was deleted', async () => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path, lookEveryMs: 0 });
    const { secret } = await keyring.create({ name: 'x' });
    await rm(dirname(scratch.path), { recursive: true });
    expect(keyring.verify(secret)).toBeUndefined();
    const { secret: next } = await keyring.create({ name: 'y' });
    expect(keyring.verify(next)?.name).toBe('y');
    expect(keyring.verify(secret)).toBeUndefined();
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x\u001b[2J' }, 'name'],
    [{ name: 'x', tenant: 'a b' }, 'tenant'],
    [{ name: 'x', tenant: '' }, 'tenant'],
    [{ name: 'x', sharedCache: 'a/b' }, 'sharedCache'],
    [{ name: 'x', models: [] }, 'models'],
    [{ name: 'x', models: [''] }, 'models'],
    [{ name: 'x', requestsPerMinute: 0 }, 'requestsPerMinute'],
    [{ name: 'x', tokensPerMinute: 1.5 }, 'tokensPerMinute'],
    [{ name: 'x', budget: { usd: 0 } }, 'budget.usd'],
    [{ name: 'x', budget: { usd: Number.NaN } }, 'budget.usd'],
    [{ name: 'x', expiresAt: 1000 }, 'expiresAt'],
    [{ name: 'x', expiresAt: Date.UTC(9999, 0) }, 'expiresAt must be before the year 9999'],
    [{ name: 'x', expiresAt: 8_640_000_000_000_001 }, 'expiresAt must be before the year 9999'],
    [{ name: 'x', role: 'admin' as const, requestsPerMinute: 5 }, 'admin key'],
  ])('refuses to make %j', async (options, named) => {
    await using scratch = await createScratch();
    await using keyring = createKeyring({ path: scratch.path });
    await expect(keyring.create(options)).rejects.toThrow(named);
    expect(existsSync(scratch.path)).toBe(false);
  });
});
