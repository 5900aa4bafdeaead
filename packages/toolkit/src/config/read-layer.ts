import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors.js';
import type { Layer } from './layer.js';

/** The text of a configuration file; `undefined` if it does not exist and is not required. */
async function readConfigText(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ConfigError('CONFIG_NOT_FOUND', `There is no configuration file ${JSON.stringify(file)}.`, {
        hint: 'Check the path given with --config.',
        cause: error,
      });
    }
    throw new ConfigError(
      'CONFIG_UNREADABLE',
      `The configuration file ${file} cannot be read (${String(code)}).`,
      { hint: 'Check the permissions of the file, and that it is one.', cause: error },
    );
  }
}

/** Parses a configuration file. Fails with `CONFIG_INVALID`, naming the position. */
export async function parseLayer(text: string, file: string): Promise<Layer> {
  // Most commands read no file, so they start without the parser.
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    const place = error instanceof TomlError ? `, line ${error.line}, column ${error.column}` : '';
    throw new ConfigError('CONFIG_INVALID', `${file}${place} is not valid TOML.`, {
      hint:
        error instanceof TomlError ? (error.message.split('\n')[0] ?? '') : 'Correct the file or remove it.',
    });
  }
}

export async function readLayer(file: string, required: boolean): Promise<Layer | undefined> {
  const text = await readConfigText(file, required);
  return text === undefined ? undefined : parseLayer(text, file);
}
