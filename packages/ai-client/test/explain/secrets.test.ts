import { describe, expect, it } from 'vitest';
import { isSecretHeader, withoutSecrets } from '../../src/explain/secrets.js';

// Put together here, so that no scanner takes this file for a leak.
const filler = 'A1b2C3d4'.repeat(6);
const secrets = [
  `sk-${filler}`,
  `sk-proj-${filler}`,
  `sk-ant-api03-${filler}`,
  `ghp_${filler}`,
  `AKIA${'A1B2'.repeat(4)}`,
  `xoxb-${filler}`,
  `AIza${filler}`,
  `Bearer ${filler}`,
  `eyJ${filler}.eyJ${filler}.${filler}`,
];

describe('secrets', () => {
  it.each(secrets)('are not shown: %s', (secret) => {
    expect(withoutSecrets(`before ${secret} after`)).toBe('before [redacted] after');
  });

  it('are not shown inside a URL', () => {
    expect(withoutSecrets('https://ada:hunter2@example.com/v1?a=1&api-key=s3cret&b=2')).toBe(
      'https://[redacted]@example.com/v1?a=1&api-key=[redacted]&b=2',
    );
  });

  it('are nothing that is not one', () => {
    for (const text of [
      'a task-oriented risk-free plan',
      'sk-ip this',
      'Bearer of bad news',
      'https://example.com/v1',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });

  it('are known by the name of their header', () => {
    const names = [
      'cookie',
      'x-goog-api-key',
      'proxy-authorization',
      'x-auth-token',
      'x-session-secret',
      'apikey',
    ];
    expect(names.filter(isSecretHeader)).toEqual(names);
    expect(['openai-beta', 'anthropic-version', 'x-authority', 'x-monkey'].filter(isSecretHeader)).toEqual(
      [],
    );
  });
});
