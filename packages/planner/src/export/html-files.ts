import MarkdownIt from 'markdown-it';
import type { TextFile } from '../files/write-files.js';
import type { ProjectContent } from './export-project.js';

/** Raw HTML in a document is escaped, and script links are disabled. */
const markdown = new MarkdownIt({ html: false });

/** The pages load nothing and run no scripts, whatever a model wrote into them. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const style = `
:root { color-scheme: light dark }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; font: 1rem/1.6 system-ui, sans-serif }
nav { font-size: .875rem }
nav a { margin-right: 1rem }
h1, h2, h3, h4 { line-height: 1.25 }
pre { overflow-x: auto; padding: 1rem; border: 1px solid #8886; border-radius: .375rem }
code { font-family: ui-monospace, monospace; font-size: .875em }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { border: 1px solid #8886; padding: .25rem .75rem; text-align: left }
blockquote { margin-left: 0; padding-left: 1rem; border-left: .25rem solid #8886 }
`;

interface Page {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

/** An overview, and a page each for the idea and every document. */
export function htmlFiles({ project, idea, documents }: ProjectContent): TextFile[] {
  const pages: Page[] = [
    ...(idea.trim() === '' ? [] : [{ path: 'idea.html', title: 'Idea', text: idea }]),
    ...documents.map(({ stage, document }) => ({
      path: `${stage.id}-${stage.slug}.html`,
      title: `${stage.id}. ${stage.name}`,
      text: document.text,
    })),
  ];
  const overview = [
    `<h1>${escapeHtml(project.name)}</h1>`,
    ...(project.description === '' ? [] : [`<p>${escapeHtml(project.description)}</p>`]),
    '<ul>',
    ...pages.map(({ path, title }) => `<li>${link(path, title)}</li>`),
    '</ul>',
  ].join('\n');
  return [
    { path: 'index.html', text: wrap(project.name, overview) },
    ...pages.map((page, index) => ({
      path: page.path,
      text: wrap(
        `${page.title} - ${project.name}`,
        `${navigation(project.name, pages[index - 1], pages[index + 1])}\n<main>\n${markdown.render(page.text)}</main>`,
      ),
    })),
  ];
}

function navigation(project: string, before: Page | undefined, after: Page | undefined): string {
  const links = [
    link('index.html', project),
    ...(before === undefined ? [] : [link(before.path, `← ${before.title}`)]),
    ...(after === undefined ? [] : [link(after.path, `${after.title} →`)]),
  ];
  return `<nav>${links.join('')}</nav>`;
}

function wrap(title: string, body: string): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Our own file names need no further encoding: a slug has letters of any script but no punctuation. */
function link(path: string, title: string): string {
  return `<a href="${encodeURI(path)}">${escapeHtml(title)}</a>`;
}

function escapeHtml(text: string): string {
  return markdown.utils.escapeHtml(text);
}
