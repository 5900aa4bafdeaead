import type { AskedEffectiveness, EffectivenessReport } from '@ai-toolkit/toolkit';
import { minuteOf } from '../../output/moment.js';
import { table } from '../../output/table.js';

/** What the layers of the running server have saved, for people; empty if none is running. */
export function effectivenessText(asked: AskedEffectiveness): string[] {
  if (!('report' in asked)) return [];
  const { report, server } = asked;
  const rows = report.layers.map(({ layer, calls, share }) => [layer, String(calls), percent(share)]);
  return [
    '',
    `server at ${server} since ${minuteOf(report.since)}, ${report.calls.total} calls`,
    '',
    table([['layer', 'calls saved', 'of all'], ...rows]),
    ...missText(report),
    ...adviceText(report),
  ];
}

function missText({ misses }: EffectivenessReport): string[] {
  if (misses.looked === 0) return [];
  const rows = misses.classes.map(({ class: name, count, share, paths }) => [
    name,
    String(count),
    percent(share),
    paths.map(({ path }) => path).join(', '),
  ]);
  return ['', table([[`differ in (${misses.looked} misses)`, 'misses', 'of all', 'where'], ...rows])];
}

function adviceText({ advice }: EffectivenessReport): string[] {
  return advice.flatMap(({ finding, action, settings }) => [
    '',
    finding,
    `  ${action}${settings.length === 0 ? '' : ` [${settings.join(', ')}]`}`,
  ]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
