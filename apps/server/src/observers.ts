import type { CallRecord } from '@ai-toolkit/ai-client';
import type { Config, Environment } from '@ai-toolkit/toolkit';
import type { ServerLog } from '@ai-toolkit/usage/log';
import { createLog } from './create-log.js';
import { startTelemetry } from './telemetry.js';

/** Observers of each call beside the ledger and the metrics: the log and OpenTelemetry. */
export interface Observers {
  readonly log: ServerLog;
  readonly onCall: (record: CallRecord) => void;
  /** Flushes what is pending. */
  close(): Promise<void>;
}

export async function startObservers(
  { log: settings }: Config,
  environment: Environment,
): Promise<Observers> {
  const log = createLog(settings);
  const telemetry = await startTelemetry(environment);
  return {
    log,
    onCall:
      telemetry === undefined
        ? log.call
        : (record) => {
            log.call(record);
            telemetry.observe(record);
          },
    async close() {
      await telemetry?.close();
      log.close();
    },
  };
}
