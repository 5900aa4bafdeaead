import { describe, expect, it } from 'vitest';
import { type ExplainFields, readExplainForm } from '../../../src/views/cache/explain-request.js';

const fields: ExplainFields = {
  surface: 'chat',
  tenant: ' ',
  first: '{"model": "m"}',
  second: '',
  key: '',
  versus: 'nothing',
};
const key = 'a'.repeat(64);

describe('the form of an explanation', () => {
  it('asks for what was chosen', () => {
    const asked = { surface: 'chat', body: { model: 'm' } };
    expect(readExplainForm(fields).request).toEqual(asked);
    expect(readExplainForm({ ...fields, versus: 'nearest' }).request).toEqual({ ...asked, nearest: true });
    expect(readExplainForm({ ...fields, versus: 'key', key: ` ${key} ` }).request).toEqual({
      ...asked,
      against: key,
    });
    expect(
      readExplainForm({ ...fields, versus: 'request', second: '{"model": "n"}', tenant: 'reports' }).request,
    ).toEqual({
      ...asked,
      tenant: 'reports',
      against: { surface: 'chat', body: { model: 'n' }, tenant: 'reports' },
    });
  });

  it('says which field is wrong', () => {
    const wrong = (part: Partial<ExplainFields>) => {
      const { request, errors } = readExplainForm({ ...fields, ...part });
      expect(request).toBeNull();
      return errors;
    };
    expect(wrong({ first: ' ' })).toEqual({ first: 'Paste the body of a request.' });
    expect(wrong({ first: '[]' })).toEqual({ first: 'The body of a request is a JSON object.' });
    expect(wrong({ first: '{' }).first).toMatch(/^This is not JSON: /);
    expect(wrong({ versus: 'request', second: '{' }).second).toMatch(/^This is not JSON: /);
    expect(wrong({ versus: 'key', key: 'abc' }).key).toMatch(/64/);
  });
});
