import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type BudgetPeriod, type CreatedKey, createKey } from '../../api/keys.js';
import { useSubmission } from '../../connection/use-submission.js';
import { Dialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { FormActions } from '../../parts/form-actions.js';
import { Segmented } from '../../parts/segmented.js';
import { emptyForm, type KeyForm, newKeyOf } from './key-form.js';

interface CreateDialogProps {
  readonly onCreated: (key: CreatedKey) => void;
  readonly onClose: () => void;
}

/** A hundred years. */
const longestDays = '36500';

const roles = [
  { value: 'gateway', label: 'Asks models' },
  { value: 'admin', label: 'Administers' },
] as const;

/** Asks for the settings of a new key. */
export function CreateDialog({ onCreated, onClose }: CreateDialogProps): JSX.Element {
  const [form, setForm] = useState(emptyForm);
  const { isBusy, problem, send } = useSubmission();
  const change = (changes: Partial<KeyForm>): void => setForm((before) => ({ ...before, ...changes }));
  const submit = (event: Event): void => {
    event.preventDefault();
    send(() => createKey(newKeyOf(form, Date.now())).then(onCreated));
  };
  return (
    <Dialog title="New key" onClose={onClose}>
      <form class="key-form" onSubmit={submit}>
        <Field label="Name" hint="Who or what uses it.">
          {(input) => (
            <input
              {...input}
              type="text"
              required
              maxLength={100}
              value={form.name}
              onInput={({ currentTarget }) => change({ name: currentTarget.value })}
            />
          )}
        </Field>
        <Segmented
          legend="What it is for"
          name="role"
          value={form.role}
          choices={roles}
          onChange={(role) => change({ role })}
        />
        {form.role === 'gateway' ? (
          <GatewayFields form={form} onChange={change} />
        ) : (
          <p class="detail">It opens this dashboard and the whole API, but cannot call models.</p>
        )}
        <NumberField
          label="Expires after, days"
          hint="Empty: never."
          value={form.expiresInDays}
          step="any"
          max={longestDays}
          onChange={(expiresInDays) => change({ expiresInDays })}
        />
        <FormActions problem={problem} onCancel={onClose}>
          <button type="submit" class="primary" disabled={isBusy}>
            Create the key
          </button>
        </FormActions>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly form: KeyForm;
  readonly onChange: (changes: Partial<KeyForm>) => void;
}

function GatewayFields({ form, onChange }: FieldsProps): JSX.Element {
  return (
    <>
      <Field label="Tenant" hint="Tenants share no answers. Empty: default.">
        {(input) => (
          <input
            {...input}
            type="text"
            value={form.tenant}
            onInput={({ currentTarget }) => onChange({ tenant: currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Models" hint="Names separated by spaces; * matches anything. Empty: all.">
        {(input) => (
          <input
            {...input}
            type="text"
            value={form.models}
            onInput={({ currentTarget }) => onChange({ models: currentTarget.value })}
          />
        )}
      </Field>
      <div class="pair">
        <NumberField
          label="Requests per minute"
          hint="Empty: no limit."
          value={form.requestsPerMinute}
          step="1"
          onChange={(requestsPerMinute) => onChange({ requestsPerMinute })}
        />
        <NumberField
          label="Tokens per minute"
          hint="Empty: no limit."
          value={form.tokensPerMinute}
          step="1"
          onChange={(tokensPerMinute) => onChange({ tokensPerMinute })}
        />
        <NumberField
          label="Budget, US dollars"
          hint="Empty: none."
          value={form.budgetUsd}
          step="any"
          onChange={(budgetUsd) => onChange({ budgetUsd })}
        />
        <Field label="Budget resets" hint="At midnight UTC.">
          {(input) => (
            <select
              {...input}
              value={form.budgetPer}
              onChange={({ currentTarget }) => onChange({ budgetPer: currentTarget.value as BudgetPeriod })}
            >
              <option value="day">each day</option>
              <option value="month">each month</option>
              <option value="total">never</option>
            </select>
          )}
        </Field>
      </div>
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly step: string;
  /** Default: no bound. */
  readonly max?: string;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, hint, value, step, max, onChange }: NumberFieldProps): JSX.Element {
  return (
    <Field label={label} hint={hint}>
      {(input) => (
        <input
          {...input}
          type="number"
          min={step === '1' ? '1' : '0'}
          max={max}
          step={step}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </Field>
  );
}
