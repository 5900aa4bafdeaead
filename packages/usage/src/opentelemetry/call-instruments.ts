import type { CallRecord } from '@ai-toolkit/ai-client';
import type { Meter } from '@opentelemetry/api';
import { createLabelGuard } from '../metrics/label-guard.js';
import { commonAttributes } from './attributes.js';

// Bucket boundaries from the conventions (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/).
const durationBuckets = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const tokenBuckets = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
];
const firstTokenBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** The same limit as in our own metrics: callers make up model names. */
const maxModels = 100;

/** Records calls in the metrics of the GenAI conventions. */
export function createCallInstruments(meter: Meter): (call: CallRecord) => void {
  const models = createLabelGuard(maxModels);
  const duration = meter.createHistogram('gen_ai.client.operation.duration', {
    description: 'Time from the beginning of a call to its end.',
    unit: 's',
    advice: { explicitBucketBoundaries: durationBuckets },
  });
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    description: 'Tokens of a call.',
    unit: '{token}',
    advice: { explicitBucketBoundaries: tokenBuckets },
  });
  const firstToken = meter.createHistogram('gen_ai.server.time_to_first_token', {
    description: 'Time to the first byte of a streamed answer.',
    unit: 's',
    advice: { explicitBucketBoundaries: firstTokenBuckets },
  });
  return (call) => {
    const attributes = commonAttributes(call, models.pass(call.model, call.status === 'ok'));
    duration.record(call.durationMs / 1000, attributes);
    if (call.usage !== undefined) {
      tokens.record(call.usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
      tokens.record(call.usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
    }
    if (call.streamed && call.firstByteMs !== undefined)
      firstToken.record(call.firstByteMs / 1000, attributes);
  };
}
