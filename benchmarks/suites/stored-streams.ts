import { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { entryCodec } from '@ai-toolkit/ai-client';
import { measureCpu } from '../support/measure-cpu.ts';
import { body } from '../support/serving-cost.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

const rounds = 5;
const count = 2000;

/** An encoding of a stored stream. */
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
    // Decodes twice: once to verify integrity, once to read the bytes.
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

interface StoredStream {
  readonly name: string;
  readonly events: Buffer;
}

async function askForStream(url: string, path: string, request: string): Promise<Buffer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: request });
  return Buffer.from(await answer.arrayBuffer());
}

/** Pads each chunk with up to 16 random characters, as OpenAI does to hide the lengths of tokens. */
function padded(events: Buffer): Buffer {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const letter = (): string => letters[Math.floor(Math.random() * letters.length)] ?? '';
  const pad = (): string => Array.from({ length: Math.floor(Math.random() * 17) }, letter).join('');
  return Buffer.from(events.toString().replaceAll(/\}\n\n/g, (end) => `,"obfuscation":"${pad()}"${end}`));
}

async function streamsOf(url: string): Promise<StoredStream[]> {
  const chat = await askForStream(url, 'chat/completions', body(true));
  const { model, messages } = JSON.parse(body(true)) as { model: string; messages: unknown };
  const request = JSON.stringify({ model, stream: true, input: messages });
  return [
    { name: 'chat completion', events: chat },
    { name: 'chat completion, padded', events: padded(chat) },
    { name: 'response', events: await askForStream(url, 'responses', request) },
  ];
}

function sizes({ name, events }: StoredStream): Table {
  const rows = forms.map(({ name: form, write, read }) => {
    const written = write(events);
    if (!events.equals(read(written))) throw new Error(`${form} did not give back what it was given.`);
    return [form, String(written.length), (events.length / written.length).toFixed(1)];
  });
  return {
    title: `Size, ${name}`,
    columns: ['form', 'bytes', 'times smaller'],
    rows: [['as it came', String(events.length), '1.0'], ...rows],
  };
}

function times(title: string, run: (form: Form) => () => unknown): Promise<Table> {
  const subjects = forms.map((form) => {
    const step = run(form);
    return {
      name: form.name,
      run: async (left: number) => {
        for (let done = 0; done < left; done++) step();
      },
    };
  });
  return measureCpu(title, subjects, { count, rounds });
}

export const suite: Suite = {
  title: 'Stored streams',
  method: `The stored size of streamed answers of the simulator on disk and in Redis, about 1 KB of text in 40 chunks, and the cost of writing and reading them, beside general-purpose compression. Padded: with random text in each chunk, as OpenAI sends them. Medians of ${rounds} rounds of ${count} in turn, in this process.`,
  async run() {
    await using simulator = await startSimulator();
    const tables: Table[] = [];
    for (const stream of await streamsOf(simulator.url)) {
      tables.push(sizes(stream));
      const { name, events } = stream;
      tables.push(
        await times(
          `Writing, ${name}`,
          ({ write }) =>
            () =>
              write(events),
        ),
      );
      tables.push(
        await times(`Reading, ${name}`, ({ write, read }) => {
          const written = write(events);
          return () => read(written);
        }),
      );
    }
    return tables;
  },
};
