/** Known file names without an extension. */
const bareNames: ReadonlySet<string> = new Set(
  'Brewfile CHANGELOG CODEOWNERS Containerfile Dockerfile Gemfile Jenkinsfile Justfile LICENSE Makefile NOTICE Pipfile Procfile README Rakefile Vagrantfile justfile makefile'.split(
    ' ',
  ),
);

/** Extensions that identify a bare name without a folder as a file, in lower case. `Promise.all` and `example.com` are not files. */
const endings: ReadonlySet<string> = new Set(
  [
    'adoc asm astro bash bat bats bazel bib bzl c cc cfg cjs clj cljs cmake cmd conf config cpp cs cshtml csproj css csv cts cxx',
    'dart diff dockerfile edn ejs el elm env erb erl ex exs feature fish fs fsproj fsx go gql gradle graphql groovy h hbs hcl hh',
    'hpp hrl hs htm html http ini ino ipynb j2 java jl js json json5 jsonc jsx kt kts less lisp liquid lock lua m make map md',
    'mdx mjs mk ml mli mm mod mts nim nix njk patch php pl plist pm prisma properties proto ps1 psm1 pug py pyi qml r rb rest rkt',
    'rs rst rules s sass sc scala scm scss service sh sln snap socket sol sql star strings styl sum svelte svg swift tex tf thrift',
    'timer tmpl toml tpl ts tsv tsx txt v vb vim vue wat webmanifest work xml xsd xsl yaml yml zig zsh',
  ]
    .join(' ')
    .split(' '),
);

/** Folders whose files often have no extension. */
const scriptFolders: ReadonlySet<string> = new Set(['.husky', 'bin', 'hooks', 'sbin', 'script', 'scripts']);

/** Library names that look like files but are not. */
const libraries =
  /^(?:node|next|nuxt|vue|react|angular|express|three|d3|ember|backbone|deno|bun|chart|moment)\.js$/iu;
const dotFile = /^\.[A-Za-z][\w.-]*$/u;

/** Whether a word can only be meant as a file name. Says nothing about whether the name is safe. */
export function isPathLike(word: string): boolean {
  if (word === '' || /[\s`]|:\/\//u.test(word) || /[/\\]$/u.test(word)) return false;
  const parts = word.split(/[/\\]/u);
  const last = parts.at(-1) ?? '';
  if (dotFile.test(last) || bareNames.has(last)) return true;
  const ending = /[^.]\.([A-Za-z][\w-]{0,15})$/u.exec(last)?.[1];
  if (parts.length === 1) {
    return ending !== undefined && endings.has(ending.toLowerCase()) && !libraries.test(word);
  }
  // Without an extension, `bin/start` and `../x` can only be files; `client/server` is prose.
  return (
    ending !== undefined || /^(?:\.{1,2}|~|[A-Za-z]:|)$/u.test(parts[0] ?? '') || parts.some(isScriptFolder)
  );
}

function isScriptFolder(part: string, index: number, parts: readonly string[]): boolean {
  return index < parts.length - 1 && scriptFolders.has(part);
}
