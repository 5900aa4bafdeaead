import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));

function read(file: string): Promise<string> {
  return readFile(new URL(`../deploy/${file}`, import.meta.url), 'utf8');
}

/** A number in the default of a setting, as the schema has it. */
async function settingsOf(): Promise<{
  readonly server: { readonly port: number; readonly drainMs: number };
}> {
  const built = pathToFileURL(`${root}packages/toolkit/dist/index.js`).href;
  const { loadConfig } = (await import(built)) as {
    loadConfig(options: object): Promise<{ config: { server: { port: number; drainMs: number } } }>;
  };
  const environment = { AI_TOOLKIT_HOME: '/nowhere' };
  return (await loadConfig({ environment, directory: '/' })).config;
}

/** Every metric that a server exposes, with the labels of its series. */
async function labelsOfMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  interface Family {
    readonly samples: readonly { readonly name: string; readonly labels: object }[];
  }
  const built = pathToFileURL(`${root}packages/usage/dist/metrics/index.js`).href;
  const { createMetrics } = (await import(built)) as {
    createMetrics(options: object): {
      observe(call: object): void;
      sample(): Promise<readonly Family[]>;
    };
  };
  const status = {
    path: '',
    state: 'ok',
    problem: null,
    buffered: 0,
    written: 0,
    summed: 0,
    dropped: 0,
    setAside: [],
  };
  const metrics = createMetrics({
    inflight: () => 0,
    cacheTiers: () => [{ name: 'memory', entries: 0, bytes: 0, hits: 0, misses: 0 }],
    limits: () => ({ queued: 0, rateLimited: 0, circuits: { openai: 'closed' } }),
    ledgerStatus: () => status,
  });
  metrics.observe({
    requestId: 'a',
    startedAt: 0,
    surface: 'chat',
    provider: 'openai',
    model: 'gpt-4o',
    tenant: 'default',
    streamed: true,
    cache: 'miss',
    status: 'ok',
    durationMs: 2,
    firstByteMs: 1,
    upstreamMs: 1,
    attempts: 1,
  });
  const labels = new Map<string, ReadonlySet<string>>();
  for (const { samples } of await metrics.sample())
    for (const sample of samples) labels.set(sample.name, new Set(Object.keys(sample.labels)));
  return labels;
}

/** What a query asks for: each metric with the labels that it is chosen by, and the labels that series are put together by. */
function readQuery(expr: string): { metrics: [name: string, labels: string[]][]; by: string[] } {
  const metrics = [...expr.matchAll(/\b(ai_toolkit_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', matchers = '']): [string, string[]] => [
      name,
      [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    ],
  );
  const by = [...expr.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return { metrics, by };
}

/** Labels that Prometheus itself gives to what it scrapes. */
const scraped = ['job', 'instance'];

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string }[];
  readonly [probe: string]: unknown;
}

describe('deploy', () => {
  it('asks the dashboard for metrics and labels that there are', async () => {
    const { panels } = JSON.parse(await read('grafana-dashboard.json')) as {
      panels: readonly {
        readonly title: string;
        readonly targets: readonly { readonly expr: string; readonly legendFormat?: string }[];
      }[];
    };
    const known = await labelsOfMetrics();
    expect(panels.length).toBeGreaterThan(10);
    for (const { title, targets } of panels) {
      for (const { expr, legendFormat = '' } of targets) {
        const { metrics, by } = readQuery(expr);
        expect(metrics.length, `${title}: ${expr}`).toBeGreaterThan(0);
        for (const [name, labels] of metrics) {
          const there = [...(known.get(name) ?? []), ...scraped];
          expect([...known.keys()], `${title} asks for ${name}`).toContain(name);
          for (const label of [...labels, ...by])
            expect(there, `${title}: ${label} of ${name}`).toContain(label);
        }
        // What is shown of a series is what is left of its labels.
        for (const [, label = ''] of legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g))
          expect(by, `${title} shows ${label}`).toContain(label);
      }
    }
  });

  it.runIf(spawnSync('promtool', ['--version']).error === undefined)(
    'asks in queries that Prometheus understands',
    async () => {
      const { panels } = JSON.parse(await read('grafana-dashboard.json')) as {
        panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
      };
      // As rules, since those are read without a server to ask.
      const rules = panels
        .flatMap(({ targets }) => targets)
        .map(({ expr }, index) => ({
          record: `query_${index}`,
          expr: expr.replaceAll('$__rate_interval', '5m'),
        }));
      const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-rules-'));
      try {
        const file = join(folder, 'rules.yaml');
        await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
        const { stdout } = await run('promtool', ['check', 'rules', file]);
        expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  it('probes routes on the port of the server, and waits longer than it takes to stop', async () => {
    const { server } = await settingsOf();
    const [deployment, service] = parseAllDocuments(await read('kubernetes.yaml')).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS();
    });
    const { spec } = deployment.spec.template;
    const container: Container = spec.containers[0];
    expect(container.ports).toEqual([{ name: 'http', containerPort: server.port }]);
    expect(service.spec.ports[0]).toMatchObject({ port: server.port, targetPort: 'http' });
    const paths = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (probe) => (container[probe] as { httpGet: { path: string; port: string } }).httpGet,
    );
    expect(paths).toEqual([
      { path: '/healthz', port: 'http' },
      { path: '/readyz', port: 'http' },
      { path: '/healthz', port: 'http' },
    ]);
    const { lifecycle } = container as unknown as { lifecycle: { preStop: { exec: { command: string[] } } } };
    const preStopMs = Number(lifecycle.preStop.exec.command[1]) * 1000;
    expect(spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(preStopMs + server.drainMs + 2000);
    const status = await readFile(`${root}apps/server/src/api/status.ts`, 'utf8');
    for (const path of ['/healthz', '/readyz', '/metrics']) expect(status).toContain(`'${path}'`);
  });

  it('gives containers only variables that are read', async () => {
    const [deployment] = parseAllDocuments(await read('kubernetes.yaml')).map((document) => document.toJS());
    const compose = parse(await read('compose.yaml'));
    const given = [
      ...deployment.spec.template.spec.containers[0].env.map(({ name }: { name: string }) => name),
      ...Object.keys(compose.services.gateway.environment),
      ...[...(await read('ai-toolkit.service')).matchAll(/\b(AI_TOOLKIT_\w+)=/g)].map(([, name]) => name),
      ...[...(await read('Dockerfile')).matchAll(/\b(AI_TOOLKIT_\w+)=/g)].map(([, name]) => name),
    ];
    const readme = await readFile(`${root}README.md`, 'utf8');
    expect(given.length).toBeGreaterThan(8);
    for (const name of given) expect(readme, name).toContain(`\`${name}\``);
    expect(compose.services.gateway.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
    expect(compose.services.gateway.ports).toEqual(['127.0.0.1:4000:4000']);
    expect(Number.parseInt(compose.services.gateway.stop_grace_period, 10) * 1000).toBeGreaterThan(
      (await settingsOf()).server.drainMs,
    );
    expect(compose.services.redis.command).toContain('volatile-lru');
  });

  it('keeps Kubernetes from setting variables that are named after services', async () => {
    const manifest = await read('kubernetes.yaml');
    const [deployment, service] = parseAllDocuments(manifest).map((document) => document.toJS());
    // AI_TOOLKIT_PORT=tcp://ADDRESS:PORT would be taken for the port of the server.
    expect(service.metadata.name).toBe('ai-toolkit');
    expect(deployment.spec.template.spec.enableServiceLinks).toBe(false);
    const [, overrides = ''] = /kubectl run .*\\\n.*--overrides='([^']*)'/.exec(manifest) ?? [];
    expect(JSON.parse(overrides)).toEqual({ spec: { enableServiceLinks: false } });
  });

  it('runs the image as nobody in particular, with a check of its health', async () => {
    const dockerfile = await read('Dockerfile');
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK .*\/healthz/m);
    expect(last).toContain(`EXPOSE ${(await settingsOf()).server.port}`);
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
  });

  it.runIf(spawnSync('systemd-analyze', ['--version']).error === undefined)(
    'has a unit that systemd finds nothing wrong with',
    async () => {
      const { stdout, stderr } = await run('systemd-analyze', ['verify', `${root}deploy/ai-toolkit.service`]);
      // That there is no such program here is no fault of the unit.
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => /ai-toolkit\.service/.test(line));
      expect(complaints.filter((line) => !/is not executable|No such file/.test(line))).toEqual([]);
    },
  );
});
