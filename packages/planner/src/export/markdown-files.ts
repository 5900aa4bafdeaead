import type { TextFile } from '../files/write-files.js';
import type { ProjectContent } from './export-project.js';

/** An overview, the idea, and each document unchanged. */
export function markdownFiles({ project, idea, documents }: ProjectContent): TextFile[] {
  const texts = documents.map(({ stage, document }) => ({
    path: `${stage.id}-${stage.slug}.md`,
    title: `${stage.id}. ${stage.name}`,
    text: document.text,
  }));
  const all = [...(idea.trim() === '' ? [] : [{ path: 'idea.md', title: 'Idea', text: idea }]), ...texts];
  const overview = [
    `# ${project.name}`,
    ...(project.description === '' ? [] : [project.description]),
    all.map(({ path, title }) => `- [${title}](${path})`).join('\n'),
  ].join('\n\n');
  return [{ path: 'index.md', text: `${overview}\n` }, ...all.map(({ path, text }) => ({ path, text }))];
}
