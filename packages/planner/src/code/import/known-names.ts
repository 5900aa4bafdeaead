/** Folders filled by tools rather than people, left out even if they are not ignored. */
const toolFolders: ReadonlySet<string> = new Set([
  '.ai-toolkit',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  '__pycache__',
  'bower_components',
  'node_modules',
]);

const generatedNames: readonly RegExp[] = [
  /^(?:package-lock|npm-shrinkwrap)\.json$/u,
  /^(?:pnpm-lock|pubspec\.lock)\.?(?:ya?ml)?$/u,
  /^(?:yarn|Cargo|composer|Gemfile|poetry|Pipfile|uv|flake|bun|mix|Podfile)\.lock$/u,
  /^go\.sum$/u,
  /\.min\.(?:js|css|mjs)$/u,
  /\.(?:js|css|mjs|cjs|ts)\.map$/u,
  /\.tsbuildinfo$/u,
];

export function isToolFolder(name: string): boolean {
  return toolFolders.has(name);
}

export function isGenerated(name: string): boolean {
  return generatedNames.some((shape) => shape.test(name));
}
