import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPipeline, openaiProvider, type Pipeline } from '@ai-toolkit/ai-client';
import { propagation, SpanStatusCode } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/opentelemetry/index.js';

const prompt = 'the plans of the harbour';
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

interface Stage extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly spans: InMemorySpanExporter;
  readonly heard: readonly IncomingHttpHeaders[];
  metrics(): Promise<
    Map<string, { readonly points: readonly { attributes: Record<string, unknown>; value: unknown }[] }>
  >;
}

/** A pipeline to a provider that fails as often as it is told to, then answers. */
async function createStage(failures = 0): Promise<Stage> {
  const heard: IncomingHttpHeaders[] = [];
  let left = failures;
  const server = createServer((request, response) => {
    heard.push(request.headers);
    request.resume();
    const fails = left-- > 0;
    response.writeHead(fails ? 503 : 200, {
      'content-type': 'application/json',
      ...(fails ? { 'retry-after-ms': '1' } : {}),
    });
    response.end(
      JSON.stringify(
        fails
          ? { error: { message: prompt } }
          : {
              choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: prompt } }],
              usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
            },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const spans = new InMemorySpanExporter();
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meters = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 })],
  });
  const telemetry = createTelemetry({ tracer: tracing.getTracer('test'), meter: meters.getMeter('test') });
  const provider = openaiProvider(`http://127.0.0.1:${port}/v1`, 'sk-secret-of-the-provider');
  const pipeline = createPipeline({ providers: [provider], onCall: telemetry.observe });
  return {
    pipeline,
    spans,
    heard,
    async metrics() {
      await meters.forceFlush();
      const all = exported
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
      return new Map(all.map((metric) => [metric.descriptor.name, { points: metric.dataPoints as never }]));
    },
    async [Symbol.asyncDispose]() {
      telemetry.close();
      await pipeline.close();
      await meters.shutdown();
      server.closeAllConnections();
      server.close();
    },
  };
}

function ask(pipeline: Pipeline, model = 'gpt-4o-mini'): Promise<void> {
  const body = Buffer.from(JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }));
  const { promise, resolve } = Promise.withResolvers<void>();
  pipeline.exchange(
    {
      surface: 'chat',
      body,
      tenant: 'a',
      labels: { key: 'k1' },
      trace: { traceparent: `00-${traceId}-${parentId}-01` },
    },
    { onHead: () => {}, onData: () => true, onEnd: () => resolve(), onError: () => resolve() },
  );
  return promise;
}

describe('telemetry', () => {
  beforeAll(() => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  });
  afterAll(() => propagation.disable());

  it('traces a call below who asked, its attempts below it, and tells the provider', async () => {
    await using stage = await createStage(1);
    await ask(stage.pipeline);
    const spans = stage.spans.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual([
      'wait for turn',
      'POST',
      'wait for turn',
      'POST',
      'chat gpt-4o-mini',
    ]);
    const call = spans.at(-1);
    expect(call?.spanContext().traceId).toBe(traceId);
    expect(call?.parentSpanContext?.spanId).toBe(parentId);
    expect(call?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': stage.pipeline.providers[0]?.name,
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 3,
      'ai_toolkit.cache.outcome': 'miss',
      'ai_toolkit.tenant': 'a',
      'ai_toolkit.key.id': 'k1',
      'ai_toolkit.attempts': 2,
    });
    const [failed, answered] = spans.filter(({ name }) => name === 'POST');
    expect(failed?.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' });
    expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
    expect(answered?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'url.path': '/v1/chat/completions',
    });
    for (const span of spans.slice(0, -1))
      expect(span.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
    expect(stage.heard.map(({ traceparent }) => traceparent)).toEqual(
      [failed, answered].map((span) => `00-${traceId}-${span?.spanContext().spanId}-01`),
    );
    const text = JSON.stringify(
      spans.map(({ attributes, events, name, status }) => ({ attributes, events, name, status })),
    );
    expect(text).not.toContain(prompt);
    expect(text).not.toContain('secret');
  });

  it('traces a hit without an attempt, and a trace does not change what is asked', async () => {
    await using stage = await createStage();
    await ask(stage.pipeline);
    stage.spans.reset();
    await ask(stage.pipeline);
    const spans = stage.spans.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(['chat gpt-4o-mini']);
    expect(spans[0]?.attributes['ai_toolkit.cache.outcome']).toBe('hit');
    expect(stage.heard).toHaveLength(1);
  });

  it('counts by the conventions, with names that are bounded', async () => {
    await using stage = await createStage(500);
    for (let round = 0; round < 150; round++) await ask(stage.pipeline, `invented-${round}`);
    const measured = await stage.metrics();
    const duration = measured.get('gen_ai.client.operation.duration');
    const names = new Set(duration?.points.map(({ attributes }) => attributes['gen_ai.request.model']));
    expect(names).toEqual(new Set(['other']));
    expect(duration?.points[0]?.value).toMatchObject({
      count: expect.any(Number),
      buckets: {
        boundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
      },
    });
  });

  it('counts tokens by their kind', async () => {
    await using stage = await createStage();
    await ask(stage.pipeline);
    const tokens = (await stage.metrics()).get('gen_ai.client.token.usage');
    expect(tokens?.points).toMatchObject([
      {
        attributes: { 'gen_ai.token.type': 'input', 'gen_ai.request.model': 'gpt-4o-mini' },
        value: { sum: 7 },
      },
      { attributes: { 'gen_ai.token.type': 'output' }, value: { sum: 3 } },
    ]);
  });

  it('sends no trace when nobody listens', async () => {
    await using stage = await createStage();
    await using silent = createPipeline({ providers: stage.pipeline.providers });
    const telemetry = createTelemetry();
    telemetry.close();
    telemetry.close();
    await stage[Symbol.asyncDispose]();
    const before = stage.spans.getFinishedSpans().length;
    await ask(silent);
    expect(stage.spans.getFinishedSpans()).toHaveLength(before);
  });
});
