import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Segmented } from '../../parts/segmented.js';
import { chooseTheme, chosenTheme, type ThemeChoice, watchTheme } from '../../theme.js';

const choices: readonly { readonly value: ThemeChoice; readonly label: string }[] = [
  { value: 'system', label: 'Same as system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The appearance of the page, per browser. */
export function Appearance(): JSX.Element {
  const [theme, setTheme] = useState(chosenTheme);
  useEffect(() => watchTheme(() => setTheme(chosenTheme())), []);
  return (
    <section class="panel" aria-labelledby="appearance-title">
      <h3 id="appearance-title">Theme</h3>
      <Segmented legend="Theme" name="theme" value={theme} choices={choices} onChange={chooseTheme} />
    </section>
  );
}
