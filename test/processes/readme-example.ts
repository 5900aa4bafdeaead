import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface ExampleResult {
  readonly code: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the first program of a package's README, or the first after a heading, in its own process, which imports the package by name
 * like a user's program.
 */
export async function runReadmeExample(
  root: URL,
  language: 'js' | 'ts',
  heading = '',
): Promise<ExampleResult> {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  const [, code] =
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readme.slice(readme.indexOf(heading))) ?? [];
  if (code === undefined) throw new Error(`There is no example in ${language} behind "${heading}".`);
  const folder = await mkdtemp(join(fileURLToPath(root), 'test', '.readme-'));
  try {
    const file = join(folder, language === 'ts' ? 'example.mts' : 'example.mjs');
    await writeFile(file, code);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    return { code, stdout, stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
