import type { Language } from '../dates.ts';
import type { Messages } from '../messages/index.ts';
import type { IndexLink, IndexRun } from './index-model.ts';

const VIEWS = ['small', 'full', 'rescuer', 'director', 'weekly', 'sheets'] as const;
export type LinkedView = (typeof VIEWS)[number];

/** `report.…` is the full report as earlier versions named it. */
const NAME =
  /^(?:(small|full|rescuer|director|weekly|sheets|report)\.(ja|en)|report\.(ja|en)\.(weekly))\.(html|txt|xlsx|pdf)$/;
/** A page before a text of the same view. PDF stands beside them. */
const FORMS = ['html', 'txt', 'xlsx'];

interface ReportFile {
  readonly name: string;
  readonly view: LinkedView;
  readonly lang: Language;
  readonly form: string;
}

/** Links to what there is of each view, in the order of the views: the page in this language, else in the other, and its PDF. */
export function linksOf(
  { runId, files }: IndexRun,
  lang: Language,
  m: Messages,
): { readonly view: LinkedView; readonly link: IndexLink }[] {
  const known = files.flatMap((name) => reportFile(name) ?? []);
  return VIEWS.flatMap((view) => {
    const ofView = known.filter((file) => file.view === view);
    const here = ofView.filter((file) => file.lang === lang);
    const chosen = here.length > 0 ? here : ofView;
    const page = FORMS.map((form) => chosen.find((file) => file.form === form)).find(
      (file) => file !== undefined,
    );
    const pdf = chosen.find(({ form }) => form === 'pdf');
    const [name, short] = [m.files.index.views[view], m.files.index.short[view]];
    return [
      ...(page === undefined ? [] : [{ view, link: linkTo(runId, page, name, short) }]),
      ...(pdf === undefined
        ? []
        : [{ view, link: linkTo(runId, pdf, m.withNote(name, 'PDF'), `${short} PDF`) }]),
    ];
  });
}

function linkTo(runId: string, { name, lang }: ReportFile, text: string, short: string): IndexLink {
  return { href: `${runId}/${name}`, text, short, lang };
}

function reportFile(name: string): ReportFile | undefined {
  const [, plain, plainLang, oldLang, weekly, form = ''] = NAME.exec(name) ?? [];
  const lang = plainLang ?? oldLang;
  if (lang !== 'ja' && lang !== 'en') return undefined;
  const view = VIEWS.find((one) => one === (weekly ?? (plain === 'report' ? 'full' : plain)));
  return view === undefined ? undefined : { name, view, lang, form };
}
