import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EffectivenessReport } from '../src/api/effectiveness.js';
import type { LedgerCall, UsageReport, UsageTotals } from '../src/api/usage.js';
import { addToTotals, noTotals } from '../src/views/overview/state/apply-call.js';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the built page and the server's API, with calls invented by the test. */
export interface FakeServer {
  readonly origin: string;
  /** Calls in the ledger, newest first. */
  readonly calls: LedgerCall[];
  /** Records a call and sends it to the open event streams. */
  happen(call: LedgerCall): void;
  /** Answers every API request with this status; 0 cuts the connection. Cuts the event streams too. */
  fail(status: number | undefined): void;
  /** Bytes sent for the page, by path. */
  readonly sent: Map<string, number>;
  readonly listeners: () => number;
  close(): Promise<void>;
}

export async function startFakeServer(): Promise<FakeServer> {
  const calls: LedgerCall[] = [];
  const sent = new Map<string, number>();
  const streams = new Set<ServerResponse>();
  let failure: number | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/')) return serveFile(url.pathname, response);
    if (failure === 0) {
      response.destroy();
      return;
    }
    if (failure !== undefined) {
      response.writeHead(failure).end('{}');
      return;
    }
    if (url.pathname === '/api/usage/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(apiAnswer(url)));
  }

  function apiAnswer(url: URL): unknown {
    switch (url.pathname) {
      case '/api/usage':
        return reportOf(calls, url.searchParams.get('by') as UsageReport['by']);
      case '/api/usage/calls':
        return { calls: calls.slice(0, Number(url.searchParams.get('limit'))) };
      case '/api/cache':
        return {
          tiers: [
            {
              name: 'memory',
              state: 'ready',
              entries: 412,
              bytes: 18_400_000,
              maxBytes: 67_108_864,
              hits: 930,
              misses: 311,
            },
            {
              name: 'disk',
              state: 'ready',
              entries: 5210,
              bytes: 231_000_000,
              maxBytes: 1_073_741_824,
              hits: 104,
              misses: 207,
            },
          ],
        };
      case '/api/diagnostics/effectiveness':
        return effectivenessOf(calls.length);
      case '/api/info':
        return {
          version: '0.1.0',
          startedAt: Date.UTC(2026, 10, 22, 8),
          keysRequired: false,
          providers: [
            {
              name: 'simulator',
              baseUrl: 'http://127.0.0.1:49152/v1',
              reason: 'No key in the environment and no local Ollama, so the built-in simulator answers.',
            },
          ],
          home: '/home/ada/.local/share/ai-toolkit',
          workers: [],
        };
      default:
        return {};
    }
  }

  async function serveFile(path: string, response: ServerResponse): Promise<void> {
    const file = join(dist, normalize(path === '/' ? '/index.html' : path));
    const body = await readFile(file).catch(() => undefined);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    sent.set(path, body.length);
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy':
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    });
    response.end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    sent,
    listeners: () => streams.size,
    happen(call) {
      calls.unshift(call);
      for (const stream of streams) stream.write(`event: call\ndata: ${JSON.stringify(call)}\n\n`);
    },
    fail(status) {
      failure = status;
      for (const stream of streams) stream.destroy();
    },
    close() {
      for (const stream of streams) stream.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function effectivenessOf(total: number): EffectivenessReport {
  return {
    since: Date.UTC(2026, 10, 22, 8),
    calls: {
      total,
      outcomes: noTotals.outcomes,
      failed: 0,
      aborted: 0,
      streamsAsked: 0,
      streamsLeft: 0,
      streamsReplayed: 0,
    },
    saved: { inputTokens: 0, outputTokens: 0, providerMs: 0 },
    layers: [
      { layer: 'memory cache', calls: 930, share: 0.6 },
      { layer: 'coalescing', calls: 12, share: 0.01 },
      { layer: 'semantic cache', calls: 0, share: 0 },
    ],
    tiers: [],
    missed: { absent: 311, expired: 0, stale: 0, corrupt: 0, unavailable: 0 },
    limits: {
      avoided: 8,
      suffered: 1,
      granted: 311,
      refused: 0,
      shed: 0,
      waits: { count: 8, longestMs: 900 },
    },
    secondChances: { retries: 0, retriedCalls: 0, retriesPaidOff: 0, fallbacks: 0, fallbacksPaidOff: 0 },
    circuits: { openings: 0, open: 0 },
    misses: {
      enabled: true,
      looked: 311,
      passedOver: 0,
      causes: { near: 204, new: 107 },
      classes: [
        {
          class: 'timestamp',
          count: 128,
          share: 128 / 311,
          paths: [{ path: 'messages[0].content', count: 128 }],
        },
      ],
    },
    advice: [
      {
        rule: 'varying-field',
        finding: '41 % of misses differ only in a timestamp in messages[0].content.',
        action: 'Leave it out, or round it.',
        settings: [],
        share: 128 / 311,
        figures: {},
      },
    ],
  };
}

function reportOf(calls: readonly LedgerCall[], by: UsageReport['by']): UsageReport {
  const groups = new Map<string, UsageTotals>();
  let totals = noTotals;
  for (const call of calls) {
    totals = addToTotals(totals, call);
    const iso = new Date(call.startedAt).toISOString();
    const name = by === 'model' ? call.model : by === 'day' ? iso.slice(0, 10) : `${iso.slice(0, 13)}:00:00Z`;
    groups.set(name, addToTotals(groups.get(name) ?? noTotals, call));
  }
  const latency = calls.length === 0 ? totals.latency : { p50Ms: 3.1, p95Ms: 1840 };
  return {
    since: null,
    until: Date.now(),
    by,
    totals: { ...totals, latency },
    groups: [...groups]
      .map(([name, group]) => ({ name, ...group, latency }))
      .sort((a, b) => b.calls - a.calls),
    incomplete: null,
  };
}
