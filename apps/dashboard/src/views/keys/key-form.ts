import type { BudgetPeriod, ListedKey, NewKey } from '../../api/keys.js';

/** The fields of the form, as typed. */
export interface KeyForm {
  readonly name: string;
  readonly role: ListedKey['role'];
  readonly tenant: string;
  readonly models: string;
  readonly requestsPerMinute: string;
  readonly tokensPerMinute: string;
  readonly budgetUsd: string;
  readonly budgetPer: BudgetPeriod;
  readonly expiresInDays: string;
}

export const emptyForm: KeyForm = {
  name: '',
  role: 'gateway',
  tenant: '',
  models: '',
  requestsPerMinute: '',
  tokensPerMinute: '',
  budgetUsd: '',
  budgetPer: 'month',
  expiresInDays: '',
};

const dayMs = 86_400_000;

/** The key to request from the server, which validates the values. Empty limits mean none. */
export function newKeyOf(form: KeyForm, now: number): NewKey {
  const name = form.name.trim();
  const expiry =
    form.expiresInDays === '' ? {} : { expiresAt: Math.round(now + Number(form.expiresInDays) * dayMs) };
  // An admin key cannot call models, so the settings below do not apply.
  if (form.role === 'admin') return { name, role: 'admin', ...expiry };
  const models = form.models.split(/[\s,]+/).filter(Boolean);
  const tenant = form.tenant.trim();
  return {
    name,
    role: 'gateway',
    ...(tenant === '' ? {} : { tenant }),
    ...(models.length === 0 ? {} : { models }),
    ...(form.requestsPerMinute === '' ? {} : { requestsPerMinute: Number(form.requestsPerMinute) }),
    ...(form.tokensPerMinute === '' ? {} : { tokensPerMinute: Number(form.tokensPerMinute) }),
    ...(form.budgetUsd === '' ? {} : { budget: { usd: Number(form.budgetUsd), per: form.budgetPer } }),
    ...expiry,
  };
}
