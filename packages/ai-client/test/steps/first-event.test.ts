import { describe, expect, it } from 'vitest';
import { given } from '../support/odd-provider.js';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

const streamed = { stream: true };

describe('the first event of a stream', () => {
  it('that is an error is tried again, as nobody has seen it', async () => {
    await using stage = await createStage(
      {},
      { faults: [{ errorAfter: 0, error: 'overloaded_error', times: 1 }] },
    );
    const outcome = await run(stage.pipeline, chat('busy', streamed));
    expect(outcome).toMatchObject({ error: undefined, head: { status: 200, attempts: 2 } });
    expect(outcome.text.trimEnd().endsWith('[DONE]')).toBe(true);
    expect(outcome.text).not.toContain('error');
  });

  it('that stays an error is given as a response with its status, in the words of the provider', async () => {
    await using stage = await createStage(
      { maxRetries: 1 },
      { faults: [{ errorAfter: 0, error: 'overloaded_error' }] },
    );
    const outcome = await run(stage.pipeline, chat('busy', streamed));
    expect(outcome.head).toMatchObject({ status: 529, streamed: false, attempts: 2 });
    expect(outcome.head?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(outcome.text).error.code).toBe('overloaded_error');
    expect(stage.records).toMatchObject([{ status: 'error', httpStatus: 529 }]);
  });

  it('that is an error by its name alone is a refusal, too', async () => {
    const bytes = 'event: error\ndata: {"message":"Busy","code":503}\n\n';
    const [outcome] = await given({ type: 'text/event-stream', bytes }, streamed);
    expect(outcome.head).toMatchObject({ status: 503, streamed: false });
    expect(JSON.parse(outcome.text).error.message).toBe('Busy');
  });

  it('closes the limiter’s gate when it is a rate limit', async () => {
    await using stage = await createStage(
      { maxRetries: 0 },
      { faults: [{ errorAfter: 0, error: 'rate_limit_error', times: 1 }] },
    );
    expect((await run(stage.pipeline, chat('much', streamed))).head?.status).toBe(429);
  });

  it('that never comes is tried again', async () => {
    await using stage = await createStage({}, { faults: [{ cutAfter: 0, times: 1 }] });
    const outcome = await run(stage.pipeline, chat('cut', streamed));
    expect(outcome).toMatchObject({ error: undefined, head: { status: 200, attempts: 2 } });
  });

  it('is not held back for the second one', async () => {
    await using stage = await createStage({}, { faults: ['hang-after=1'] });
    const running = start(stage.pipeline, chat('slow', streamed));
    expect(await running.firstBytes).toContain('data: ');
    running.exchange.abort(new Error('enough'));
    await running.outcome;
  });

  it.each(['split=byte', 'crlf', 'comments', 'bom'])('is known with %s', async (wire) => {
    await using stage = await createStage(
      { maxRetries: 0 },
      { faults: [`error-after=0; error=overloaded_error; ${wire}`] },
    );
    const outcome = await run(stage.pipeline, chat('busy', streamed));
    expect(outcome.head?.status).toBe(529);
  });
});
