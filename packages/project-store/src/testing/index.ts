export type { ConformanceCase, ProjectStoreHarness, ProjectStorePlace } from './conformance-case.js';
export { projectStoreConformance } from './project-store-conformance.js';
