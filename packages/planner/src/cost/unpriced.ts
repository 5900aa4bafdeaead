import { PlanError } from '../plan-error.js';
import type { Upstream } from './forecast.js';

/** The error for a call of unknown price under a budget. */
export function unpriced(title: string, upstreams: readonly Upstream[]): PlanError {
  const names = upstreams.map(({ provider, model }) => `${model} (${provider})`).join(', ');
  const whose = names === '' ? 'nobody can tell who would answer' : `the price of ${names} is not known`;
  return new PlanError('PLAN_BUDGET_UNPRICED', `${title} cannot run under a budget: ${whose}.`, {
    hint: 'Name a model whose price is known, give its price, or run without a budget.',
  });
}
