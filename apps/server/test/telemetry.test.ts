import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createHome, startServerProcess } from './support/server-process.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

interface Exported {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  }[];
}

interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly exports: Exported[];
}

/** Takes what is sent by OTLP over HTTP, as JSON. */
async function createCollector(): Promise<Collector> {
  const exports: Exported[] = [];
  const server = createServer((request, response) => {
    void json(request).then((sent) => {
      exports.push(sent as Exported);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('OpenTelemetry', { timeout: 60_000 }, () => {
  it.each(['1', '2'])(
    'traces and metrics of %s workers reach the collector that the environment names',
    async (workers) => {
      await using collector = await createCollector();
      await using simulator = await createSimulator();
      await using home = await createHome();
      await using server = await startServerProcess(home.path, {
        OPENAI_BASE_URL: simulator.openaiBaseUrl,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        AI_TOOLKIT_WORKERS: workers,
      });
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
      expect((await ask(server.url, 'Hi', {}, { traceparent })).cache).toBe('MISS');
      expect((await ask(server.url, 'Hi', {}, {})).cache).toBe('HIT');
      expect(await server.end('SIGTERM')).toBe(0);
      const spans = collector.exports.flatMap(({ resourceSpans = [] }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
      );
      const call = spans.find((span) => span.name === 'chat gpt-4o-mini' && span.traceId === traceId);
      expect(call?.parentSpanId).toBe('b7ad6b7169203331');
      expect(spans.find(({ name }) => name === 'POST')?.parentSpanId).toBe(call?.spanId);
      expect(spans.filter(({ name }) => name === 'chat gpt-4o-mini')).toHaveLength(2);
      const metrics = collector.exports.flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
      );
      expect(metrics.map(({ name }) => name)).toContain('gen_ai.client.token.usage');
    },
  );

  it('that nobody listens to costs the server nothing: it stops at once and serves as ever', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    await using server = await startServerProcess(home.path, {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
    expect((await ask(server.url, 'Hi')).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('holds up no stop by a collector that takes what it is sent and says nothing', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await using server = await startServerProcess(home.path, {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      // Longer than a test may take.
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
    });
    expect((await ask(server.url, 'Hi')).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
    silent.closeAllConnections();
    silent.close();
  });
});
