/** A request to a gateway. */
export interface Question {
  readonly prompt: string;
  readonly stream?: boolean;
  readonly surface?: 'chat' | 'messages';
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Disconnects after this many chunks of the answer. */
  readonly leaveAfter?: number;
}

/** What the client saw. */
export interface Seen {
  /** 0 if the connection broke before the response head. */
  readonly status: number;
  readonly cache: string | null;
  /** The body was read without an error, until its end or `leaveAfter`. */
  readonly ended: boolean;
  /** The answer is complete, including its terminal event. */
  readonly whole: boolean;
  /** The answer reports a failure in its wire format. */
  readonly failed: boolean;
  /** The text of the answer. */
  readonly words: string;
  readonly raw: string;
}

/** Throws, quoting the first answer that is not whole. */
export function assertAllWhole(seen: readonly Seen[]): void {
  const [first, ...others] = seen.filter(({ whole }) => !whole);
  if (first === undefined) return;
  const count = others.length + 1;
  throw new Error(
    `${count} of ${seen.length} answers are not whole: ${first.status} ${first.raw.slice(-500)}`,
  );
}

const paths = { chat: '/v1/chat/completions', messages: '/v1/messages' } as const;
const models = { chat: 'gpt-4o-mini', messages: 'claude-haiku-4-5' } as const;

/** Sends a request, reads the response and judges it; never rejects. */
export async function ask(url: string, question: Question): Promise<Seen> {
  const { prompt, stream = false, surface = 'chat', headers = {} } = question;
  let raw = '';
  let status = 0;
  let cache: string | null = null;
  let ended = false;
  try {
    const response = await fetch(`${url}${paths[surface]}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
      body: JSON.stringify({
        model: question.model ?? models[surface],
        stream,
        messages: [{ role: 'user', content: prompt }],
        ...(surface === 'messages' ? { max_tokens: 100_000 } : {}),
      }),
    });
    ({ status } = response);
    cache = response.headers.get('x-cache');
    const decoder = new TextDecoder();
    let pieces = 0;
    for await (const piece of response.body ?? []) {
      raw += decoder.decode(piece, { stream: true });
      pieces += 1;
      if (pieces === question.leaveAfter) break;
    }
    ended = true;
  } catch {
    // A broken connection is a result, too.
  }
  return { status, cache, raw, ended, ...judge(raw, stream, surface) };
}

type Judgement = Pick<Seen, 'whole' | 'failed' | 'words'>;

function judge(raw: string, stream: boolean, surface: 'chat' | 'messages'): Judgement {
  // A refused stream request gets a JSON body like any other.
  if (!stream || raw.startsWith('{')) {
    const body = parse(raw);
    const words =
      surface === 'chat' ? wordsOf(body?.choices?.[0]?.message) : (body?.content?.[0]?.text ?? '');
    const reason = body?.choices?.[0]?.finish_reason ?? body?.stop_reason;
    return { words, whole: typeof reason === 'string', failed: body?.error !== undefined };
  }
  const events = [...raw.matchAll(/^data: (\{.*\})$/gm)].map(([, text = '']) => parse(text));
  const words = events.map((event) => event?.delta?.text ?? wordsOf(event?.choices?.[0]?.delta)).join('');
  const terminal = surface === 'chat' ? 'data: [DONE]' : '"type":"message_stop"';
  const failed = events.some((event) => event?.error !== undefined);
  return { words, whole: raw.includes(terminal) && !failed, failed };
}

/** The parts of both APIs' responses that are read here. */
interface Body {
  readonly choices?: readonly {
    readonly message?: Words;
    readonly delta?: Words;
    readonly finish_reason?: string | null;
  }[];
  readonly content?: readonly { readonly text?: string }[];
  readonly stop_reason?: string | null;
  readonly delta?: { readonly text?: string };
  readonly error?: unknown;
}

interface Words {
  readonly content?: string | null;
}

function wordsOf(part: Words | undefined): string {
  return part?.content ?? '';
}

function parse(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}
