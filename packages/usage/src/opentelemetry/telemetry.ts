import type { CallRecord } from '@ai-toolkit/ai-client';
import { type Meter, metrics, type Tracer, trace } from '@opentelemetry/api';
import { createCallInstruments } from './call-instruments.js';
import { createCallSpans } from './call-spans.js';

export interface TelemetryOptions {
  /** Default: that of the SDK that the process has registered. */
  readonly tracer?: Tracer;
  readonly meter?: Meter;
}

export interface Telemetry {
  /** Call for each call that has ended, as a pipeline's `onCall`. */
  readonly observe: (call: CallRecord) => void;
  /** Stops listening. Idempotent. */
  close(): void;
}

const scope = '@ai-toolkit/usage';

/**
 * Traces and counts the calls of all pipelines of the process through OpenTelemetry's API. The SDK and its exporters are for the
 * application to provide, and to register first. Listens to `node:diagnostics_channel`; without a listener, pipelines build none of these
 * events.
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
