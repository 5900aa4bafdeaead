import { unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf, isMissing } from '../error-code.js';
import { makeFolders } from '../files/make-folders.js';
import { placeFiles } from '../files/place-files.js';
import { writeWhole } from '../files/write-whole.js';
import { PlanError } from '../plan-error.js';
import { exportTemplate } from './describe-templates.js';
import { folderTemplates, isTemplateName, templateFile } from './folder-templates.js';
import type { TemplateSource } from './template-source.js';
import { parseTemplate } from './template-tree.js';

/**
 * Writes a template to the user's folder, replacing the built-in one of that name or adding a new one. Checks only its
 * syntax, since what it uses may be added later. @returns the path of its file
 * @throws PlanError `PLAN_TEMPLATE_INVALID`
 */
export async function importTemplate(templatesDir: string, name: string, text: string): Promise<string> {
  if (!isTemplateName(name)) throw badName(name);
  parseTemplate({ name, text, origin: 'import' });
  const path = templateFile(templatesDir, name);
  try {
    await makeFolders(resolve(dirname(path)));
    await writeWhole(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
  return path;
}

/** Removes a user's template, which restores the built-in one of that name. @returns whether there was one */
export async function resetTemplate(templatesDir: string, name: string): Promise<boolean> {
  if (!isTemplateName(name)) throw badName(name);
  const path = templateFile(templatesDir, name);
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw unwritable(path, error);
  }
}

/** Removes all of a user's templates. @returns their names */
export async function resetAllTemplates(templatesDir: string): Promise<readonly string[]> {
  const names = await folderTemplates(templatesDir, true).names();
  const removed: string[] = [];
  for (const name of names) {
    if (await resetTemplate(templatesDir, name)) removed.push(name);
  }
  return removed;
}

/**
 * Writes the text of `exportTemplate` to a folder, as `NAME.hbs` or `partials/NAME.hbs`. @returns the path of the file
 * @throws PlanError `PLAN_TEMPLATE_NOT_FOUND`; `PLAN_EXTRACT_CONFLICT` if a symbolic link is there, or, without `force`, another text
 */
export async function exportTemplateFile(
  source: TemplateSource,
  name: string,
  dir: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<string> {
  const text = await exportTemplate(source, name);
  const files = [{ path: `${name}.hbs`, text }];
  const { dir: folder } = await placeFiles(dir, files, { force, refuseLinks: true });
  return templateFile(folder, name);
}

function badName(name: string): PlanError {
  return new PlanError('PLAN_TEMPLATE_INVALID', `${JSON.stringify(name)} is no name of a template.`, {
    hint: 'Use lower-case words joined by -, and before them partials/ for a partial.',
  });
}

function unwritable(path: string, error: unknown): PlanError {
  const reason = codeOf(error) ?? String(error);
  return new PlanError('PLAN_TEMPLATE_INVALID', `The template file ${path} cannot be changed (${reason}).`, {
    hint: 'Make the folder of templates writable.',
    cause: error,
  });
}
