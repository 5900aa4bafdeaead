import type { CallRecord } from '@ai-toolkit/ai-client';
import { type Meter, metrics, type Tracer, trace } from '@opentelemetry/api';
import { createCallInstruments } from './call-instruments.js';
import { createCallSpans } from './call-spans.js';

export interface TelemetryOptions {
  /** Default: that of the SDK which the process has registered. */
  readonly tracer?: Tracer;
  readonly meter?: Meter;
}

export interface Telemetry {
  /** Told of each call that has ended, as a pipeline's `onCall`. */
  readonly observe: (call: CallRecord) => void;
  /** Listens no longer. Idempotent. */
  close(): void;
}

const scope = '@ai-toolkit/usage';

/**
 * Traces calls of all pipelines of the process, and counts them, by OpenTelemetry's API: the SDK and where it sends things are the
 * application's to bring, and to register before. It listens to `node:diagnostics_channel`; without it nothing of this is built.
 */
export function createTelemetry(options: TelemetryOptions = {}): Telemetry {
  const spans = createCallSpans(options.tracer ?? trace.getTracer(scope));
  const count = createCallInstruments(options.meter ?? metrics.getMeter(scope));
  return {
    observe(call) {
      spans.end(call);
      count(call);
    },
    close: () => spans.close(),
  };
}
