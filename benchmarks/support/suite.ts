/** One line of a table: a subject beside the floor or the peer that it is measured against. */
export interface Row {
  readonly name: string;
  /** CPU time per operation, µs, median over the rounds. */
  readonly cpuMicroseconds: number;
  /** Smallest and largest round. */
  readonly spread: readonly [number, number];
  /** To the first row of the table. */
  readonly ratio: number;
}

export interface Suite {
  readonly title: string;
  /** What is measured against what, and how. */
  readonly method: string;
  run(): Promise<readonly Table[]>;
}

export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Something to measure; `prepare` is not counted. */
export interface Subject {
  readonly name: string;
  /** Runs `count` operations. */
  run(count: number): Promise<void>;
}

export interface MeasureOptions {
  /** Operations a round. */
  readonly count: number;
  readonly rounds: number;
}

/**
 * Runs the subjects in turn, A B A B …, so that the drift of a shared machine hits all alike. CPU time of this process,
 * user and system: steadier than wall time where others use the machine too.
 */
export async function measure(
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
  const rows = subjects.map((subject) => row(subject.name, samples.get(subject) ?? []));
  const floor = rows[0]?.cpuMicroseconds ?? Number.NaN;
  return { title, rows: rows.map((entry) => ({ ...entry, ratio: entry.cpuMicroseconds / floor })) };
}

function row(name: string, samples: readonly number[]): Row {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return {
    name,
    cpuMicroseconds: median,
    spread: [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN],
    ratio: Number.NaN,
  };
}
