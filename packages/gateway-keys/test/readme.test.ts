import { runReadmeExample } from '@ai-toolkit/processes/readme-example';
import { expect, it } from 'vitest';

it("runs the README's example, and it prints what its comments say", async () => {
  const { code, stdout, stderr } = await runReadmeExample(new URL('..', import.meta.url), 'ts');
  const expected = [...code.matchAll(/^\/\/ (.*)$/gm)].map((match) => match[1]);
  expect(expected).toHaveLength(2);
  expect(stdout.trimEnd().split('\n')).toEqual(expected);
  expect(stderr).toBe('');
}, 30_000);
