import { askServer } from '../server/ask-server.js';
import type { Toolkit } from '../toolkit.js';
import type { EffectivenessReport } from './report.js';

/** What the server that runs here has saved, or why it did not tell: a command is too brief to have saved anything. */
export type AskedEffectiveness =
  | { readonly server: string; readonly report: EffectivenessReport }
  | { readonly server: string; readonly reason: string };

export async function askEffectiveness({ config }: Pick<Toolkit, 'config'>): Promise<AskedEffectiveness> {
  const { server, value, reason } = await askServer(config, '/api/diagnostics/effectiveness');
  return isReport(value)
    ? { server, report: value }
    : { server, reason: reason ?? 'it answered something else' };
}

function isReport(value: unknown): value is EffectivenessReport {
  return typeof value === 'object' && value !== null && 'layers' in value && 'advice' in value;
}
