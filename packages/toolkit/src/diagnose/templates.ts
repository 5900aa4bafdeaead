import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Checks every template, including those of the user. */
export async function diagnoseTemplates({ paths }: Toolkit): Promise<Diagnosis[]> {
  const { createTemplateSource, describeTemplates, PlanError, validateTemplate } = await import(
    '@ai-toolkit/planner'
  );
  const source = createTemplateSource({ templatesDir: paths.templates });
  try {
    const found = await describeTemplates(source);
    const checks = await Promise.all(
      found.map(async ({ name, origin }) => {
        try {
          await validateTemplate(source, name);
          return undefined;
        } catch (error) {
          if (!PlanError.isInstance(error)) throw error;
          const place = origin === 'built-in' ? '' : ` (${origin})`;
          const remedy = `Correct it, or restore the built-in one: ai-toolkit templates reset ${name}`;
          return failure('template', `${name}${place}: ${error.message}`, remedy);
        }
      }),
    );
    const broken = checks.filter((check) => check !== undefined);
    return [ok('templates', `${found.length - broken.length} valid`), ...broken];
  } catch (error) {
    if (!PlanError.isInstance(error)) throw error;
    return [failure('templates', error.message, error.hint)];
  }
}
