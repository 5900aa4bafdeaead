import { ConfigError } from '../../errors.js';
import { findSettings, type Setting, settingAt } from '../settings.js';

/** A setting and its path in a file: a path into a table with user-chosen names has more parts. */
export interface FoundSetting {
  readonly setting: Setting;
  readonly path: readonly string[];
}

/** Resolves `cache.ttlMs`, or `prices."gpt-4.1".inputUsd`. Fails with `CONFIG_SETTING_UNKNOWN`, suggesting the nearest name. */
export function findSetting(text: string): FoundSetting {
  const path = partsOf(text);
  const setting = path === undefined ? undefined : settingAt(path);
  if (setting !== undefined && path !== undefined) return { setting, path };
  const nearest = findSettings()
    .map(({ path: name }) => name)
    .map((name) => ({ name, distance: distance(text.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, text.length / 3);
  throw new ConfigError('CONFIG_SETTING_UNKNOWN', `There is no setting ${JSON.stringify(text)}.`, {
    hint: isNear ? `Did you mean ${nearest.name}?` : 'See all with: ai-toolkit config list',
  });
}

/** Splits a path at its dots; a quoted part may contain dots. */
function partsOf(text: string): readonly string[] | undefined {
  const parts = [...text.matchAll(/(?:^|\.)(?:"([^"]+)"|([^."]+))/gy)];
  const length = parts.reduce((total, [part]) => total + part.length, 0);
  return length !== text.length || parts.length === 0
    ? undefined
    : parts.map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      next.push(
        Math.min((row[j] ?? 0) + (left === right ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
