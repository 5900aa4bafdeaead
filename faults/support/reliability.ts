import { loadScenario, readResults, scenarioNames } from './results.ts';

const introduction = `# Reliability

What breaks, what holds all the same, and what was last seen. Made by \`npx pnpm@12.21.0 faults\`, which plays the scenarios of [faults](../faults) against the built server, the built command and the packages, each in processes of their own, and looks from outside; a test holds this page to the scenarios.

\`npx pnpm@12.21.0 faults NAME --seed N\` plays one again as it was: the seed decides what is left to chance. The clock of the machine and the order in which processes get their turn are not in its power, so that figures of a run again can differ by some calls; the promise must not.

`;

/** `docs/reliability.md`: every scenario with its promise and its last result. */
export async function renderReliability(): Promise<string> {
  const results = await readResults();
  const rows = await Promise.all(
    (await scenarioNames()).map(async (name) => {
      const { promise, test } = await loadScenario(name);
      const { figure, seed, date, node } = results.get(name) ?? {};
      const held = test === undefined ? '' : `[${test.replace(/^.*\//, '')}](../${test})`;
      const last =
        figure === undefined ? ['not played yet', '', ''] : [figure, seed, `${date}, Node ${node}`];
      return [`[\`${name}\`](../faults/scenarios/${name}.ts)`, promise, ...last, held];
    }),
  );
  const columns = ['scenario', 'what is promised', 'last figure', 'seed', 'when', 'also held by'];
  return `${introduction}${table(columns, rows)}`;
}

/** A Markdown table, without padding of its cells. */
function table(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('');
}
