import uPlot from 'uplot';
import { formatShort } from '../../format/format.js';
import { watchTheme } from '../../theme.js';
import { stepMs } from './state/range.js';
import type { TrafficBar } from './state/traffic.js';

/** The stacked bars, drawn by uPlot on a canvas. */
export interface TrafficPlot {
  show(bars: readonly TrafficBar[], step: 'hour' | 'day'): void;
  destroy(): void;
}

/** `onPoint` gets the index of the bar under the pointer, or null. */
export function createTrafficPlot(place: HTMLElement, onPoint: (index: number | null) => void): TrafficPlot {
  let plot: uPlot | undefined;
  let bars: readonly TrafficBar[] = [];
  let step: 'hour' | 'day' = 'hour';

  function rebuild(): void {
    plot?.destroy();
    plot = undefined;
    // Without bars the axis would show times of 1970.
    if (bars.length > 0) plot = new uPlot(optionsFor(place, step, onPoint), dataOf(bars, step), place);
  }

  const stopWatching = watchTheme(rebuild);
  const sizes = new ResizeObserver(() => {
    plot?.setSize({ width: place.clientWidth, height: place.clientHeight });
  });
  sizes.observe(place);

  return {
    show(nextBars, nextStep) {
      const changed = nextStep !== step || nextBars.length !== bars.length;
      bars = nextBars;
      step = nextStep;
      if (plot === undefined || changed) rebuild();
      else plot.setData(dataOf(bars, step));
    },
    destroy() {
      stopWatching();
      sizes.disconnect();
      plot?.destroy();
    },
  };
}

/** Stacks bars by drawing cumulative sums, the largest first, so that each covers the lower part of the one behind it. */
function dataOf(bars: readonly TrafficBar[], step: 'hour' | 'day'): uPlot.AlignedData {
  return [
    bars.map((bar) => (bar.at + stepMs[step] / 2) / 1000),
    bars.map((bar) => bar.cached + bar.joined + bar.asked),
    bars.map((bar) => bar.cached + bar.joined),
    bars.map((bar) => bar.cached),
  ];
}

function optionsFor(
  place: HTMLElement,
  step: 'hour' | 'day',
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const { fontFamily } = getComputedStyle(place);
  const colour = colourReader(place);
  const paths = uPlot.paths.bars?.({ size: [0.72, 22], radius: 0.18 });
  const bar = (name: string): uPlot.Series => ({
    fill: colour(name),
    width: 0,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  });
  const axis: uPlot.Axis = {
    stroke: colour('--ink-3'),
    font: `11px ${fontFamily}`,
    ticks: { show: false },
  };
  const halfStep = stepMs[step] / 2000;
  return {
    width: place.clientWidth,
    height: place.clientHeight,
    padding: [10, 0, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    // Days in UTC, as the server counts them.
    ...(step === 'day' ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'UTC') } : {}),
    scales: {
      x: { range: (_plot, least, most) => [least - halfStep, most + halfStep] },
      y: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.08)] },
    },
    series: [{}, bar('--asked'), bar('--joined'), bar('--cached')],
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 28,
        values: (_plot, splits) => splits.map((split) => timeLabel(split * 1000, step)),
      },
      {
        ...axis,
        size: 36,
        grid: { stroke: colour('--line'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
        values: (_plot, splits) => splits.map((split) => formatShort(split)),
      },
    ],
    hooks: { setCursor: [(self) => onPoint(self.cursor.idx ?? null)] },
  };
}

/** `21:00`, or the day where one begins. */
function timeLabel(epochMs: number, step: 'hour' | 'day'): string {
  const at = new Date(epochMs);
  if (step === 'day')
    return at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
  if (at.getHours() === 0) return at.toLocaleDateString('en-US', { month: 'short', day: 'numeric' });
  return at.toLocaleTimeString('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** A canvas does not understand `var()` or `light-dark()`, so the browser resolves them. */
function colourReader(place: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
