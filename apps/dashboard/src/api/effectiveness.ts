import type { Advice, EffectivenessReport } from '@ai-toolkit/toolkit';
import { getJson } from './client.js';

export type { Advice, EffectivenessReport };

export function fetchEffectiveness(signal: AbortSignal): Promise<EffectivenessReport> {
  return getJson<EffectivenessReport>('api/diagnostics/effectiveness', { signal });
}
