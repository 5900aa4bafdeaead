import type { Table } from './suite.ts';

/** An operation so quick that only many of them together can be measured. */
export interface TimedSubject {
  readonly name: string;
  /** Operations per run. */
  readonly operations: number;
  run(): Promise<void>;
}

const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;

/** CPU time per operation, the subjects in turn; the first is the baseline of the others. */
export async function measureNanoseconds(title: string, subjects: readonly TimedSubject[]): Promise<Table> {
  const samples = subjects.map((): number[] => []);
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [index, { run, operations }] of subjects.entries()) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) samples[index]?.push(((user + system) * 1000) / operations);
    }
  }
  const sorted = samples.map((values) => values.toSorted((a, b) => a - b));
  const medians = sorted.map((values) => values[Math.floor(values.length / 2)] ?? Number.NaN);
  return {
    title,
    columns: ['subject', 'ratio', 'ns', 'smallest to largest round'],
    rows: subjects.map(({ name }, index) => [
      name,
      ((medians[index] ?? Number.NaN) / (medians[0] ?? Number.NaN)).toFixed(2),
      (medians[index] ?? Number.NaN).toFixed(0),
      `${sorted[index]?.[0]?.toFixed(0)} to ${sorted[index]?.at(-1)?.toFixed(0)}`,
    ]),
  };
}
