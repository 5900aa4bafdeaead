import type { JSX } from 'preact';
import type { Advice } from '../../api/effectiveness.js';
import { hrefOf } from '../../routing/route.js';

/** Findings from the figures, and what to do about them. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }): JSX.Element {
  return (
    <section class="panel advice" aria-labelledby="advice-title">
      <h3 id="advice-title">Advice</h3>
      {advice.length === 0 ? (
        <p class="detail">None: nothing stands out, or too little has happened to say.</p>
      ) : (
        <ol>
          {advice.map(({ rule, finding, action, settings }) => (
            <li key={`${rule} ${finding}`}>
              <p class="finding">{finding}</p>
              <p>{action}</p>
              {settings.length > 0 && (
                <p class="settings">
                  {settings.map((setting) => (
                    <a key={setting} class="tag" href={hrefOf('settings')}>
                      <code>{setting}</code>
                    </a>
                  ))}
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
