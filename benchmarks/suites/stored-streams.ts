import { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { entryCodec } from '@ai-toolkit/ai-client';
import { measureCpu } from '../support/measure-cpu.ts';
import { body } from '../support/serving-cost.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

const rounds = 5;
const count = 2000;

/** A way to write a stream, and back. */
interface Form {
  readonly name: string;
  write(events: Buffer): Buffer;
  read(written: Buffer): Uint8Array;
}

const metadata = { shape: 'stream', name: 'bench-1', upstreamMs: 1 } as const;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const forms: readonly Form[] = [
  {
    name: 'the codec of answers, metadata included',
    write: (bytes) => Buffer.concat(entryCodec.encode({ bytes, metadata }) as readonly Uint8Array[]),
    // Once to see that it is whole, and once to read it.
    read: (written) => entryCodec.decode(written).bytes,
  },
  {
    name: 'deflate, level 1',
    write: (bytes) => deflateRawSync(bytes, { level: 1 }),
    read: (written) => inflateRawSync(written),
  },
  {
    name: 'zstd, level 1',
    write: (bytes) => zstdCompressSync(bytes, level),
    read: (written) => zstdDecompressSync(written),
  },
];

async function askForStream(url: string): Promise<Buffer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: body(true) });
  return Buffer.from(await answer.arrayBuffer());
}

function sizes(events: Buffer): Table {
  const rows = forms.map(({ name, write, read }) => {
    const written = write(events);
    if (!events.equals(read(written))) throw new Error(`${name} did not give back what it was given.`);
    return [name, String(written.length), (events.length / written.length).toFixed(1)];
  });
  return {
    title: 'Size',
    columns: ['form', 'bytes', 'times smaller'],
    rows: [['as it came', String(events.length), '1.0'], ...rows],
  };
}

export const suite: Suite = {
  title: 'Stored streams',
  method: `What is written to disk and Redis of a streamed answer of the simulator, about 1 KB of text in 40 pieces, and what it takes to write and to read it, beside general compressions. Medians of ${rounds} rounds of ${count} in turn, in this process.`,
  async run() {
    await using simulator = await startSimulator();
    const events = await askForStream(simulator.url);
    const subjects = (run: (form: Form) => () => unknown) =>
      forms.map((form) => {
        const step = run(form);
        return {
          name: form.name,
          run: async (times: number) => {
            for (let done = 0; done < times; done++) step();
          },
        };
      });
    const writing = subjects(
      ({ write }) =>
        () =>
          write(events),
    );
    const reading = subjects(({ write, read }) => {
      const written = write(events);
      return () => read(written);
    });
    return [
      sizes(events),
      await measureCpu('Writing', writing, { count, rounds }),
      await measureCpu('Reading', reading, { count, rounds }),
    ];
  },
};
