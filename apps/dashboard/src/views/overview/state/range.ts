/** Time spans of the view, as values of the server's `since`. */
export type Range = '24h' | '7d' | '30d';

export const ranges: readonly { readonly value: Range; readonly label: string; readonly title: string }[] = [
  { value: '24h', label: '24 h', title: 'Last 24 hours' },
  { value: '7d', label: '7 days', title: 'Last 7 days' },
  { value: '30d', label: '30 days', title: 'Last 30 days' },
];

/** The time that one bar of the chart covers. */
export const rangeStep: Readonly<Record<Range, 'hour' | 'day'>> = {
  '24h': 'hour',
  '7d': 'hour',
  '30d': 'day',
};

export const stepMs: Readonly<Record<'hour' | 'day', number>> = { hour: 3_600_000, day: 86_400_000 };

/** Number of bars of a span, including the current one. */
export const rangeSteps: Readonly<Record<Range, number>> = { '24h': 25, '7d': 169, '30d': 31 };
