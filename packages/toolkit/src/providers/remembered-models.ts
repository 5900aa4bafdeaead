import { join } from 'node:path';
import { readIfThere, replaceFile } from '../files/replace-file.js';

/** A server may be given another model; for so long its first one is taken for the same, ms. */
const rememberedMs = 10 * 60 * 1000;

interface Remembered {
  readonly model: string;
  /** Epoch, ms. */
  readonly at: number;
}

/**
 * The model of calls that name none, at a server of unknown kind: what `ask` tells, which is remembered for a while, so that a stored
 * answer waits for no server. Offline nobody is asked, and it does not matter how long ago that was.
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
    // It only saves time; a home that cannot be written costs nothing more.
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
