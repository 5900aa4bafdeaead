import { describe, expect, it } from 'vitest';
import { withoutQuotations } from '../../src/text/notice.js';
import { findOutline } from '../../src/text/outline.js';
import { findSubject } from '../../src/text/subject.js';
import { type Bench, bench } from '../support.js';

async function answer(b: Bench, content: string): Promise<string> {
  const { choices } = await b.openai.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content }],
  });
  return choices[0]?.message.content ?? '';
}

function headings(document: string): string[] {
  return document.split('\n').filter((line) => /^#{1,3} /.test(line));
}

const PROMPT = `# The project

Name: Tide Clock
In short: A wall clock that shows the tide for the nearest harbour

# Your task

Write the architecture design. Mind these:

1. Begin with what people do.
2. Then decide what to build.

# Architecture Design: Tide Clock

## Components
What there is.

### Boundaries
Who talks to whom.

## Risks
A table.
`;

describe('documents', () => {
  it('has the title and headings that the prompt prescribes, in their order', async () => {
    await using b = await bench();
    const document = await answer(b, PROMPT);
    expect(document).toMatch(/^> \*\*Simulated answer\.\*\*/);
    expect(headings(document)).toEqual([
      '# Architecture Design: Tide Clock',
      '## Components',
      '### Boundaries',
      '## Risks',
    ]);
    expect(document).toContain('nearest harbour');
    expect(document.split(/\s+/).length).toBeGreaterThan(120);
  });

  it('takes sections from lists, quoted headings, or the topics named', () => {
    const titles = (prompt: string): string[] => findOutline(prompt).sections.map(({ title }) => title);
    expect(
      titles(
        'Write a plan with these sections:\n1. **Overview** – what it is\n2. Data model: the entities\n- Open questions',
      ),
    ).toEqual(['Overview', 'Data model', 'Open questions']);
    expect(titles('Use the headings `## Goals` and `## Non-goals` please')).toEqual(['Goals', 'Non-goals']);
    expect(titles('Tell me the risks and the architecture of a bridge')).toEqual(['Architecture', 'Risks']);
    expect(titles('Write something')).toEqual(['Overview', 'Approach', 'Next steps']);
  });

  it('does not take the headings of documents that the prompt quotes', async () => {
    await using b = await bench();
    const earlier = await answer(b, PROMPT);
    const prompt = `Here is the design:\n\n<document name="Design">\n${earlier}\n</document>\n\nAnd again:\n\n${earlier}\n\nWrite a review.\n\n## Findings\n\n## Verdict\n\n## Praise\n`;
    expect(headings(await answer(b, prompt)).slice(1)).toEqual(['## Findings', '## Verdict', '## Praise']);
  });

  it('reads closed fences as quotations, and an unclosed one as a mention', () => {
    expect(withoutQuotations('a\n```md\n## X\n```\nb')).toBe('a\nb');
    expect(withoutQuotations('a\n```ts file=x.ts\nb')).toBe('a\n```ts file=x.ts\nb');
  });

  it('names the subject from the prompt', () => {
    const subject = (text: string): { title: string; slug: string } => findSubject(text, text);
    expect(subject('Plan an app called Harbour Watch that counts boats')).toMatchObject({
      title: 'Harbour Watch',
      slug: 'harbour-watch',
    });
    expect(subject('Project: Tide Clock\nIdea: a clock for tides')).toMatchObject({
      title: 'Tide Clock',
      idea: 'a clock for tides',
    });
    expect(subject('???')).toMatchObject({ title: 'Your request', slug: 'your-request' });
  });

  it('writes fenced code with file names in the form that the prompt shows', async () => {
    await using b = await bench();
    const own = await answer(b, 'Project: Tide Clock\nWrite the code in TypeScript.');
    expect(own).toMatch(/^```ts src\/tide-clock\.ts\n[\s\S]+?\n```$/m);
    const shown = await answer(
      b,
      'Project: Tide Clock\nEvery file is one fenced code block, like\n```ts file=src/example.ts\n\n## Files\n\n## Tests\n\n## Review\n',
    );
    expect(shown).toMatch(/^```ts file=src\/tide-clock\.ts$/m);
    expect(shown).toMatch(/^```ts file=test\/tide-clock\.test\.ts$/m);
    const named = await answer(b, 'Write the code for `lib/tide.py` and `lib/moon.py` in Python');
    expect(named.match(/^```python .*$/gm)).toEqual(['```python lib/tide.py', '```python lib/moon.py']);
  });
});

describe('conversations', () => {
  it('reflect the last thing that was said', async () => {
    await using b = await bench();
    const { choices } = await b.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [
        { role: 'user', content: 'What is a tide?' },
        { role: 'assistant', content: 'Water.' },
        { role: 'user', content: 'And what is the moon?' },
      ],
    });
    expect(choices[0]?.message.content).toMatch(/you asked “And what is the moon\?”\. That is message 2/);
  });

  it.each(['', ' ', '💧'.repeat(30), 'x'.repeat(5_000), '{{{{', '\u0000', '## ', 'plan '.repeat(2_000)])(
    'survive %j',
    async (content) => {
      await using b = await bench();
      expect(await answer(b, content)).toMatch(/Simulated answer/);
    },
  );
});
