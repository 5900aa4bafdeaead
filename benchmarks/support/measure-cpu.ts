import type { Table } from './suite.ts';

/** Something to measure. */
export interface Subject {
  readonly name: string;
  /** Runs `count` operations. */
  run(count: number): Promise<void>;
}

interface MeasureOptions {
  /** Operations per round. */
  readonly count: number;
  readonly rounds: number;
}

/**
 * Runs the subjects in turn, A B A B …, so that the drift of a shared machine affects all alike. Measures the CPU time of this process,
 * user and system: steadier than wall time on a shared machine. The first subject is the floor.
 */
export async function measureCpu(
  title: string,
  subjects: readonly Subject[],
  { count, rounds }: MeasureOptions,
): Promise<Table> {
  const samples = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]));
  for (const subject of subjects) await subject.run(count);
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      const before = process.cpuUsage();
      await subject.run(count);
      const { user, system } = process.cpuUsage(before);
      samples.get(subject)?.push((user + system) / count);
    }
  }
  const sorted = subjects.map(({ name }, index) => ({
    name,
    values: (samples.get(subjects[index] as Subject) ?? []).sort((a, b) => a - b),
  }));
  const median = (values: readonly number[]): number => values[Math.floor(values.length / 2)] ?? Number.NaN;
  const floor = median(sorted[0]?.values ?? []);
  return {
    title,
    columns: ['subject', 'ratio', 'CPU µs per operation', 'smallest to largest round'],
    rows: sorted.map(({ name, values }) => [
      name,
      (median(values) / floor).toFixed(2),
      median(values).toFixed(1),
      `${values[0]?.toFixed(1)} to ${values.at(-1)?.toFixed(1)}`,
    ]),
  };
}
