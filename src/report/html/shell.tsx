import { render } from 'preact-render-to-string';
import type { ComponentChildren, JSX } from 'preact';
import { sha256Hex } from '../../lib/hash.ts';
import type { Priority } from '../../model/finding.ts';
import type { Language } from '../dates.ts';
import { symbolOf } from '../mark-symbol.ts';
import type { Messages } from '../messages/index.ts';
import type { ReportView } from '../view-model.ts';
import { Anchors, anchorsOf } from './anchors.tsx';
import { Symbols } from './marks.tsx';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from './script/page.ts';
import { SectionNote } from './section-note.ts';
import { cssString, styleSheet } from './style.ts';

interface PageProps {
  readonly view: ReportView;
  readonly m: Messages;
  /** Class of the body: views differ in their paper. */
  readonly kind: string;
  readonly children: ComponentChildren;
}

interface ShellProps {
  readonly lang: Language;
  /** Of the window. */
  readonly title: string;
  /** Printed on every sheet of paper: at its head on the left and the right, and at its foot. */
  readonly paper: { readonly left: string; readonly right: string; readonly foot: string | undefined };
  /** Said under the heading of every section; may be empty. */
  readonly note: string;
  readonly m: Messages;
  readonly kind: string;
  readonly children: ComponentChildren;
}

/** A page of the report. */
export function renderPage({ view, m, kind, children }: PageProps): string {
  const { cover, passive } = view;
  return renderShell({
    lang: view.lang,
    title: `${cover.title} ${cover.organisation} ${view.weekly.date}`,
    paper: { left: `${cover.title}  ${cover.organisation}`, right: cover.tlp, foot: passive?.sheet },
    note: passive?.note ?? '',
    m,
    kind,
    children: <Anchors.Provider value={anchorsOf(view)}>{children}</Anchors.Provider>,
  });
}

/**
 * One file that opens offline, without JavaScript, and prints on A4. Its policy forbids everything but its own style and its own
 * script, each by its hash: even if a byte of a stranger ever got through as markup, it could load, run and send nothing.
 */
export function renderShell(props: ShellProps): string {
  return `<!doctype html>\n${render(<Shell {...props} />)}\n`;
}

function Shell({ lang, title, paper, note, m, kind, children }: ShellProps): JSX.Element {
  const style = styleSheet({
    left: cssString(paper.left),
    right: cssString(paper.right),
    foot: paper.foot === undefined ? undefined : cssString(paper.foot),
  });
  const hash = Buffer.from(sha256Hex(style), 'hex').toString('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; script-src '${PAGE_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex,nofollow" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body class={kind} data-words={JSON.stringify({ ...m.script.page, priority: priorityLabels(m) })}>
        <Symbols />
        <SectionNote.Provider value={note}>
          <div class="page">
            {children}
            <footer class="foot">
              <b>sekisho</b>
              <p>{m.limits.promise}</p>
            </footer>
          </div>
        </SectionNote.Provider>
        <script dangerouslySetInnerHTML={{ __html: PAGE_SCRIPT }} />
      </body>
    </html>
  );
}

/** Words on the buttons that show and hide findings. */
function priorityLabels(m: Messages): Record<Priority, string> {
  const label = (name: Priority): string => `${symbolOf({ priority: name })} ${m.ids.priority[name]}`;
  return { P1: label('P1'), P2: label('P2'), P3: label('P3'), P4: label('P4') };
}
