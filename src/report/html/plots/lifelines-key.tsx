/** What the bars, the grounds and the letters mean: of the bars and the letters only those that occur. */
import type { ComponentChildren, JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { LifelinesPlot } from '../../view-model-sections.ts';

export function LifelinesKey({ plot, m }: { plot: LifelinesPlot; m: Messages }): JSX.Element {
  const { key } = m.plots.lifelines;
  const seen = new Set(plot.rows.flatMap(({ bars }) => bars.map((bar) => bar.seen)));
  const box = { x: '0.5', y: '2.5', width: '31', height: '13' } as const;
  return (
    <ul class="key">
      {seen.has('own') ? (
        <KeyItem text={key.own}>
          <rect x="0" y="3" width="32" height="12" class="solid" />
        </KeyItem>
      ) : null}
      {seen.has('others') ? (
        <KeyItem text={key.others}>
          <rect x="0" y="3" width="32" height="12" fill="url(#hatch)" class="striped" />
        </KeyItem>
      ) : null}
      {seen.has('both') ? (
        <KeyItem text={key.both}>
          <rect x="0" y="3" width="32" height="12" fill="url(#hatch)" class="striped" />
          <rect x="0" y="9" width="32" height="6" class="solid" />
        </KeyItem>
      ) : null}
      {plot.rows.some(({ gaps }) => gaps.length > 0) ? (
        <KeyItem text={key.gap}>
          <line x1="0" x2="32" y1="9" y2="9" class="unseen" />
        </KeyItem>
      ) : null}
      {plot.rows.some(({ shut }) => shut.length > 0) ? (
        <KeyItem text={key.shut}>
          <path d="M11 4l10 10m0-10l-10 10" class="cross" />
        </KeyItem>
      ) : null}
      {plot.rows.some(({ earlier, ticks }) => earlier || ticks.some((tick) => tick.earlier)) ? (
        <KeyItem text={key.earlier}>
          <path d="M20 3v12l-8-6Z" class="solid" />
        </KeyItem>
      ) : null}
      <KeyItem text={key.noLog}>
        <rect {...box} class="nolog" />
      </KeyItem>
      <KeyItem text={key.logs}>
        <rect {...box} class="haslog" />
      </KeyItem>
      <KeyItem text={key.unknown}>
        <rect {...box} class="unanswered" />
      </KeyItem>
      {plot.letters.map(({ letter, text }) => (
        <li>
          <b class="key-letter">{letter}</b>
          {text}
        </li>
      ))}
    </ul>
  );
}

function KeyItem({ text, children }: { text: string; children: ComponentChildren }): JSX.Element {
  return (
    <li>
      <svg class="plot-key" width="32" height="18" viewBox="0 0 32 18" aria-hidden="true">
        {children}
      </svg>
      {text}
    </li>
  );
}
