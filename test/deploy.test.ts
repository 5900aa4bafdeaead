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

/** Every metric that a server exposes. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const built = pathToFileURL(`${root}packages/usage/dist/metrics/index.js`).href;
  const { createMetrics } = (await import(built)) as {
    createMetrics(options: object): {
      sample(): Promise<readonly { readonly name: string; readonly type: string }[]>;
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
  const families = await createMetrics({
    inflight: () => 0,
    cacheTiers: () => [],
    limits: () => ({ queued: 0, rateLimited: 0, circuits: {} }),
    ledgerStatus: () => status,
  }).sample();
  return new Set(
    families.flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string }[];
  readonly [probe: string]: unknown;
}

describe('deploy', () => {
  it('asks the dashboard for metrics that there are', async () => {
    const { panels } = JSON.parse(await read('grafana-dashboard.json')) as {
      panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
    };
    const names = await metricNames();
    const asked = panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr }) =>
        [...expr.matchAll(/\bai_toolkit_\w+/g)].map(([name]) => ({ title, name })),
      ),
    );
    expect(panels.length).toBeGreaterThan(10);
    for (const { title, name } of asked) expect(names, `${title} asks for ${name}`).toContain(name);
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
