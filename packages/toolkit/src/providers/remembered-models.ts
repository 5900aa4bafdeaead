import { join } from 'node:path';
import { readIfThere, replaceFile } from '../files/replace-file.js';

/** How long a server's first model is remembered, ms, before it may have changed. */
const rememberedMs = 10 * 60 * 1000;

interface Remembered {
  readonly model: string;
  /** Epoch, ms. */
  readonly at: number;
}

/**
 * The default model of a server of unknown kind: the result of `ask`, remembered for ten minutes so that a stored
 * answer waits for no server. Offline, the remembered model is used whatever its age.
 */
export async function rememberModel(
  stateFolder: string,
  place: string,
  offline: boolean,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const file = join(stateFolder, 'default-models.json');
  const known = read(await readIfThere(file).catch(() => undefined))[place];
  if (known !== undefined && (offline || Math.abs(Date.now() - known.at) < rememberedMs)) return known.model;
  if (offline) return undefined;
  const model = await ask();
  if (model !== undefined) {
    const written = replaceFile(file, (text) => {
      const all: Record<string, Remembered> = { ...read(text), [place]: { model, at: Date.now() } };
      return `${JSON.stringify(all)}\n`;
    });
    // Only an optimisation: an unwritable home is not an error.
    await written.catch(() => {});
  }
  return model;
}

function read(text: string | undefined): Readonly<Record<string, Remembered>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, one]) => isRemembered(one)));
  } catch {
    return {};
  }
}

function isRemembered(value: unknown): value is Remembered {
  return (
    typeof value === 'object' &&
    value !== null &&
    'model' in value &&
    typeof value.model === 'string' &&
    'at' in value &&
    typeof value.at === 'number'
  );
}
