import type { ComponentChild, VNode } from 'preact';
import { describe, expect, it } from 'vitest';
import { markdownNodes } from '../../src/parts/markdown-nodes.js';

/** What would be in the page: elements by name with their attributes, and text. */
function shown(child: ComponentChild): string {
  if (child === null || child === undefined || typeof child === 'boolean') return '';
  if (typeof child !== 'object') return String(child).replaceAll('<', '‹');
  if (Array.isArray(child)) return child.map(shown).join('');
  const { type, props } = child as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  const inside = shown(children as ComponentChild);
  if (typeof type !== 'string') return inside;
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${String(value)}`)
    .join('');
  return `<${type}${written}>${inside}</${type}>`;
}

const render = (text: string, level = 3): string => shown(markdownNodes(text, level));
const outside = ' target=_blank rel=noopener noreferrer';

describe('Markdown', () => {
  it.each([
    ['a **b** *c* ~~d~~ `e<f`', '<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e‹f</code></p>'],
    ['- a\n- [x] b', '<ul><li>a</li><li>☑ b</li></ul>'],
    ['3. a\n4. b', '<ol start=3><li>a</li><li>b</li></ol>'],
    ['```ts\na <b>\n```', '<pre tabIndex=0><code>a ‹b></code></pre>'],
    ['> q', '<blockquote><p>q</p></blockquote>'],
    ['a &amp; &#115; &#x3c; &unknown; \\*', '<p>a & s ‹ &unknown; *</p>'],
  ])('shows %j', (text, nodes) => {
    expect(render(text)).toBe(nodes);
  });

  it('leaves out no level of headings', () => {
    expect(render('# a\n### b\n#### c\n# d')).toBe('<h3>a</h3><h4>b</h4><h5>c</h5><h3>d</h3>');
    expect(render('###### a', 5)).toBe('<h5>a</h5>');
  });

  it('makes no heading of its signs alone', () => {
    expect(render('a\n\n##')).toBe('<p>a</p>');
    expect(render('## \n\n### b')).toBe('<h3>b</h3>');
  });

  it('makes no element of HTML', () => {
    expect(render('<script>alert(1)</script>')).toBe('‹script>alert(1)‹/script>');
    expect(render('a <img src=x onerror=y> b')).toBe('<p>a ‹img src=x onerror=y> b</p>');
  });

  it('links to web pages and mail, and loads no image', () => {
    const url = 'https://example.com/?a=1&b=2';
    expect(render('[a](https://example.com/?a=1&amp;b=2)')).toBe(`<p><a href=${url}${outside}>a</a></p>`);
    for (const bad of [
      'javascript:x',
      'java&#115;cript:x',
      'JAVASCRIPT:x',
      'data:text/html,x',
      '/api/keys',
      '#x',
    ])
      expect(render(`[a](${bad})`), bad).toBe('<p><span>a</span></p>');
    expect(render('![alt](https://e.com/x.png)')).toBe(
      `<p><a href=https://e.com/x.png${outside}>Image: alt</a></p>`,
    );
  });

  it('shows what is nested too deep as it is', () => {
    const nested = render(`${'>'.repeat(500)} a`);
    expect(nested.match(/<blockquote>/g)?.length).toBe(60);
    expect(nested).toContain('>>>> a');
    expect(render('>'.repeat(20_000))).toContain('>>>>');
  });
});
