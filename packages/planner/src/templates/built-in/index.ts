import { architectureDesign } from './architecture-design.js';
import { codeGenerationAndReview } from './code-generation-and-review.js';
import { implementationStrategy } from './implementation-strategy.js';
import { initialPlan } from './initial-plan.js';
import { code, document, project, system, wishes, writing } from './partials.js';
import { progressAssessment } from './progress-assessment.js';
import { userExperienceDesign } from './user-experience-design.js';

/** All built-in templates by name. Their leading line break only serves the source. */
export const builtInTemplates: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'architecture-design': architectureDesign,
    'code-generation-and-review': codeGenerationAndReview,
    'implementation-strategy': implementationStrategy,
    'initial-plan': initialPlan,
    'partials/code': code,
    'partials/document': document,
    'partials/project': project,
    'partials/wishes': wishes,
    'partials/writing': writing,
    'progress-assessment': progressAssessment,
    system,
    'user-experience-design': userExperienceDesign,
  }).map(([name, text]) => [name, text.replace(/^\n/u, '')]),
);
