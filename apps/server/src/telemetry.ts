import { type Environment, version } from '@ai-toolkit/toolkit';
import type { Telemetry } from '@ai-toolkit/usage/opentelemetry';
import { isSpanContextValid, metrics, propagation, trace } from '@opentelemetry/api';

/** The standard OpenTelemetry variables that name a destination. */
const endpointVariables: readonly string[] = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
];

export interface ServerTelemetry {
  readonly observe: Telemetry['observe'];
  /** Exports what is pending, for `lastExportMs` at most. */
  close(): Promise<void>;
}

/** Time limit of the final export, ms. */
const lastExportMs = 3000;

/**
 * Starts OpenTelemetry traces and metrics if the environment names a destination, or if the process was started with an SDK of its own
 * (`node --import`). Otherwise returns `undefined` and loads nothing.
 */
export async function startTelemetry(environment: Environment): Promise<ServerTelemetry | undefined> {
  const isOff = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  const isNamed = endpointVariables.some((name) => (environment[name] ?? '') !== '');
  if (isOff) return undefined;
  const stopSdk = isNamed && !hasSdk() ? await startSdk(environment) : undefined;
  if (stopSdk === undefined && !hasSdk()) return undefined;
  const { createTelemetry } = await import('@ai-toolkit/usage/opentelemetry');
  const telemetry = createTelemetry();
  return {
    observe: telemetry.observe,
    async close() {
      telemetry.close();
      await stopSdk?.();
    },
  };
}

/** Without an SDK, spans have no valid trace context. The probe span is never ended, and so never exported. */
function hasSdk(): boolean {
  return isSpanContextValid(trace.getTracer('probe').startSpan('probe').spanContext());
}

async function startSdk(environment: Environment): Promise<() => Promise<void>> {
  const [traces, meters, { OTLPTraceExporter }, { OTLPMetricExporter }, resources, core] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/core'),
  ]);
  const resource = resources
    .resourceFromAttributes({
      'service.name': environment.OTEL_SERVICE_NAME ?? 'ai-toolkit',
      'service.version': version,
      'service.instance.id': `${process.pid}`,
    })
    // `OTEL_RESOURCE_ATTRIBUTES` takes precedence.
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const tracerProvider = new traces.BasicTracerProvider({
    resource,
    spanProcessors: [new traces.BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const meterProvider = new meters.MeterProvider({
    resource,
    readers: [new meters.PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
  });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  return async () => {
    const bound = new Promise<void>((resolve) => setTimeout(resolve, lastExportMs).unref());
    const sent = Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]);
    await Promise.race([sent, bound]);
  };
}
