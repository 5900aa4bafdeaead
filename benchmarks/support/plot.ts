import { numberIn } from './results.ts';
import type { Table } from './suite.ts';

/** Columns to plot; of each table, the first that it has. */
const plotted = ['ratio', 'wall ratio', 'beside bare Node', 'ns', 'p99 ms'];
const width = 760;
const labelWidth = 300;
const barHeight = 18;
const rowHeight = 28;
const top = 40;
/** Beyond this ratio of the largest value to the smallest, the scale is logarithmic. */
const logarithmicFrom = 30;

/** Follows the reader's preference for a light or dark colour scheme. */
const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.quiet{fill:#59636e}.bar{fill:#2f6feb}.floor{fill:#8b949e}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}.bar{fill:#6ea8fe}.floor{fill:#6e7681}}`;

/** The plotted column of a table as an SVG bar chart; undefined if there is none, or fewer than two bars. */
export function plotOf({ title, columns, rows }: Table): string | undefined {
  const column = plotted.find((name) => columns.includes(name));
  if (column === undefined) return undefined;
  const at = columns.indexOf(column);
  const bars = rows
    .map((cells) => ({ name: cells[0] ?? '', value: numberIn(cells[at]), cell: cells[at] ?? '' }))
    .filter(({ value }) => Number.isFinite(value) && value >= 0);
  if (bars.length < 2) return undefined;
  const positive = bars.map(({ value }) => value).filter((value) => value > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  const isLogarithmic = most / least > logarithmicFrom;
  const lengthOf = (value: number): number => {
    const room = width - labelWidth - 90;
    if (value <= 0) return 1;
    if (!isLogarithmic) return Math.max(1, (value / most) * room);
    return Math.max(1, ((Math.log(value / least) + 0.5) / (Math.log(most / least) + 0.5)) * room);
  };
  const drawn = bars.map(({ name, value, cell }, index) => {
    const y = top + index * rowHeight;
    const length = lengthOf(value);
    return [
      `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end">${escaped(shortened(name))}</text>`,
      `<rect class="${index === 0 ? 'floor' : 'bar'}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
      `<text class="quiet" x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 13}">${escaped(cell)}</text>`,
    ].join('');
  });
  const height = top + bars.length * rowHeight + 8;
  const scale = isLogarithmic ? `${column}, lengths are logarithms` : column;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(`${title}: ${scale}`)}">
<style>${style}</style>
<text x="8" y="20">${escaped(title)} <tspan class="quiet">(${escaped(scale)})</tspan></text>
${drawn.join('\n')}
</svg>
`;
}

function shortened(name: string): string {
  const plain = name.replaceAll('`', '');
  return plain.length > 42 ? `${plain.slice(0, 41)}…` : plain;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
