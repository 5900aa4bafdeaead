import { askServer } from '../server/ask-server.js';
import type { Toolkit } from '../toolkit.js';
import type { EffectivenessReport } from './report.js';

/** Report of the local server, or why it could not be obtained. A command itself is too short-lived to have saved anything. */
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
