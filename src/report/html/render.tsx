import { render } from 'preact-render-to-string';
import type { JSX } from 'preact';
import { sha256Hex } from '../../lib/hash.ts';
import { messagesFor, type Messages } from '../messages/index.ts';
import type { ReportView } from '../view-model.ts';
import { Appendix, Findings } from './findings.tsx';
import { Cover, Glance, Today, type NavItem } from './front.tsx';
import { Symbols } from './marks.tsx';
import { Yours } from './rescue.tsx';
import { SectionNote } from './section-note.ts';
import { cssString, styleSheet } from './style.ts';
import { Changes, Doors, Limits } from './tables.tsx';

/**
 * One file that opens offline, without JavaScript, and prints on A4. Its policy forbids everything but its own style: even
 * if a byte of a stranger ever got through as markup, it could load, run and send nothing.
 */
export function renderHtml(view: ReportView): string {
  const m = messagesFor(view.lang);
  const { organisation, title, tlp } = view.cover;
  const style = styleSheet({
    left: cssString(`${title}  ${organisation}`),
    right: cssString(tlp),
    foot: view.passive === undefined ? undefined : cssString(view.passive.sheet),
  });
  const page = render(<Page view={view} m={m} style={style} />);
  return `<!doctype html>\n${page}\n`;
}

function Page({ view, m, style }: { view: ReportView; m: Messages; style: string }): JSX.Element {
  const { cover } = view;
  const hash = Buffer.from(sha256Hex(style), 'hex').toString('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return (
    <html lang={view.lang}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex,nofollow" />
        <title>{`${cover.title} ${cover.organisation} ${view.weekly.date}`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <Symbols />
        <div class="page">
          <Cover cover={cover} passive={view.passive} nav={navigation(view, m)} m={m} />
          <SectionNote.Provider value={view.passive?.note ?? ''}>
            <main>
              <Today today={view.today} m={m} />
              <Glance glance={view.glance} m={m} />
              <Changes changes={view.changes} m={m} />
              <Doors doors={view.doors} m={m} />
              <Findings findings={view.findings} m={m} />
              {view.yours === undefined ? null : <Yours yours={view.yours} m={m} />}
              <Limits limits={view.limits} m={m} />
              <Appendix appendix={view.appendix} m={m} />
            </main>
          </SectionNote.Provider>
          <footer class="foot">
            <b>sekisho</b>
            <p>{m.limits.promise}</p>
          </footer>
        </div>
      </body>
    </html>
  );
}

function navigation(view: ReportView, m: Messages): NavItem[] {
  const { sections } = m;
  return [
    { number: '1', id: 's1', title: sections.today },
    { number: '2', id: 's2', title: sections.glance },
    { number: '3', id: 's3', title: sections.changes },
    { number: '4', id: 's4', title: sections.doors },
    { number: '5', id: 's5', title: sections.findings },
    ...(view.yours === undefined ? [] : [{ number: '11', id: 's11', title: m.yours.title }]),
    { number: '15', id: 's15', title: sections.limits },
    { number: 'A', id: 'sA', title: sections.appendix },
  ];
}
