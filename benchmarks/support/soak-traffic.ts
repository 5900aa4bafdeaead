import { Agent } from 'undici';

/** A separate model for calls that end early, whose token count is unknown. */
export const abortedModel = 'gpt-4o';
export const model = 'gpt-4o-mini';
export const callers = 32;
/** One in this many requests meets a provider that breaks off its stream. */
export const breakEvery = 97;
/** Number of prompts that are repeated, and so hit. */
const hotPrompts = 200;

type Kind = 'hit' | 'streamed hit' | 'miss' | 'streamed miss' | 'aborted' | 'refused' | 'broken';

/** The repeating sequence of requests. */
const mix: readonly Kind[] = [
  'hit',
  'miss',
  'streamed hit',
  'hit',
  'streamed miss',
  'hit',
  'aborted',
  'streamed hit',
  'refused',
  'hit',
];

export interface Totals {
  /** Requests so far. */
  readonly sent: Record<Kind, number>;
  /** Unexpected responses. */
  readonly odd: string[];
}

export function newTotals(): Totals {
  return {
    sent: { hit: 0, 'streamed hit': 0, miss: 0, 'streamed miss': 0, aborted: 0, refused: 0, broken: 0 },
    odd: [],
  };
}

function bodyOf(kind: Kind, index: number): string {
  const hot = `Question ${index % hotPrompts}`;
  const content: Readonly<Record<Kind, string>> = {
    hit: hot,
    'streamed hit': hot,
    miss: `A new question, number ${index}`,
    'streamed miss': `A new question, number ${index}`,
    aborted: `Left early, number ${index} [simulator-answer: tokens=400] [simulator-fault: chunk-delay=2]`,
    refused: `Refused, number ${index} [simulator-fault: status=400]`,
    broken: `Broken off, number ${index} [simulator-answer: tokens=40] [simulator-fault: cut-after=5]`,
  };
  const endsEarly = kind === 'aborted' || kind === 'broken';
  return JSON.stringify({
    model: endsEarly ? abortedModel : model,
    stream: endsEarly || kind.startsWith('streamed'),
    messages: [{ role: 'user', content: content[kind] }],
  });
}

const expected: Readonly<Record<Kind, number>> = {
  hit: 200,
  'streamed hit': 200,
  miss: 200,
  'streamed miss': 200,
  aborted: 200,
  refused: 400,
  broken: 200,
};

async function send(
  agent: Agent,
  url: string,
  kind: Kind,
  index: number,
  { sent, odd }: Totals,
): Promise<void> {
  sent[kind] += 1;
  const { statusCode, body } = await agent.request({
    origin: url,
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: bodyOf(kind, index),
  });
  if (kind === 'aborted') {
    for await (const _chunk of body) break;
    body.destroy();
  } else {
    const text = await body.text();
    const isStream = kind === 'broken' || kind.startsWith('streamed');
    const isWhole = !isStream || text.endsWith('data: [DONE]\n\n') === (kind !== 'broken');
    if (statusCode !== expected[kind] || !isWhole) odd.push(`${kind}: ${statusCode} ${text.slice(-200)}`);
  }
}

/** Sends the requests numbered `from` up to, but not including, `to`, with `callers` in flight. */
export async function sendAll(url: string, from: number, to: number, totals: Totals): Promise<void> {
  const agent = new Agent({ connections: callers });
  let next = from;
  const caller = async (): Promise<void> => {
    while (next < to) {
      const index = next++;
      const kind = index % breakEvery === 0 ? 'broken' : (mix[index % mix.length] as Kind);
      await send(agent, url, kind, index, totals);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await agent.close();
}
