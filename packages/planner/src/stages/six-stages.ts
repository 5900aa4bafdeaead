import type { StageDefinition } from './stage-definition.js';

/** The stages from an idea to reviewed code. Everything else follows from this table. */
export const sixStages: readonly StageDefinition[] = [
  { id: 1, name: 'Initial Plan', slug: 'initial-plan', template: 'initial-plan', needs: [] },
  {
    id: 2,
    name: 'Architecture Design',
    slug: 'architecture-design',
    template: 'architecture-design',
    needs: [1],
  },
  {
    id: 3,
    name: 'Implementation Strategy',
    slug: 'implementation-strategy',
    template: 'implementation-strategy',
    needs: [1, 2],
  },
  {
    id: 4,
    name: 'Progress Assessment',
    slug: 'progress-assessment',
    template: 'progress-assessment',
    needs: [3],
  },
  {
    id: 5,
    name: 'User Experience Design',
    slug: 'user-experience-design',
    template: 'user-experience-design',
    needs: [2],
  },
  {
    id: 6,
    name: 'Code Generation and Review',
    slug: 'code-generation-and-review',
    template: 'code-generation-and-review',
    needs: [2, 3, 5],
  },
];
