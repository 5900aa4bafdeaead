import { startKeyedGateway } from '../support/gateway-process.ts';
import {
  connections,
  loads,
  measure,
  roundSeconds,
  rounds,
  type Subject,
  startBareProxy,
} from '../support/serving-cost.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

/** The parts left out, with the configuration that turns them off. */
const variants: Readonly<Record<string, string>> = {
  'all defaults': '',
  'no line for each request': '[log]\nlevel = "warn"',
  'no reasons for misses': '[cache]\nrecordMisses = false',
  'no cache': '[cache]\nenabled = false',
  'none of these': '[log]\nlevel = "warn"\n[cache]\nenabled = false\nrecordMisses = false',
};

export const suite: Suite = {
  title: 'Parts of the server',
  method: `What the parts of the server cost, by turning them off: CPU time of the serving process per request under the loads of the suite \`server\`, wrk with ${connections} connections, medians of ${rounds} rounds of ${roundSeconds} s in turn. The floor is the same bare proxy. Keys, limits, ledger and metrics are on in each.`,
  async run() {
    await using simulator = await startSimulator();
    const tables: Table[] = [];
    for (const kind of loads.filter(({ unique }) => unique)) {
      await using started = new AsyncDisposableStack();
      const subjects: Subject[] = [started.use(await startBareProxy(simulator.url))];
      for (const [name, config] of Object.entries(variants)) {
        const { url, pid, key } = started.use(await startKeyedGateway(config, simulator.url));
        subjects.push({ name, url, pids: [pid], headers: { authorization: `Bearer ${key}` } });
      }
      tables.push(await measure(subjects, kind));
    }
    return tables;
  },
};
