/** The plain form of the sheet for the small organisation. */
import type { Node } from './document-node.ts';
import { symbolOf } from './mark-symbol.ts';
import { messagesFor, type Messages } from './messages/index.ts';
import type { ReportView } from './view-model.ts';
import type { SheetHead, SmallAction, SmallView } from './view-model-pages.ts';

export function smallNodes({ small, lang }: ReportView): Node[] {
  const m = messagesFor(lang);
  const say = m.pages.small;
  return [
    ...headNodes(small),
    ...small.scope.map(text),
    { kind: 'heading', level: 2, text: m.sections.today },
    ...(small.lead === '' ? [] : [text(small.lead)]),
    ...(small.none === undefined ? [] : [text(small.none)]),
    ...small.actions.flatMap((action) => actionNodes(action, m)),
    ...(small.phone === undefined ? [] : phoneNodes(small.phone, m)),
    ...dontNodes(small.rules, m),
    ...helpNodes(small, m),
    { kind: 'heading', level: 2, text: say.changesTitle },
    text(
      small.changes.none ??
        small.changes.counts.map(({ symbol, name, count }) => `${symbol} ${name} ${count}`).join('  '),
    ),
    ...limitNodes(small, m),
  ];
}

const text = (line: string): Node => ({ kind: 'text', text: line });

export function headNodes(head: SheetHead): Node[] {
  return [
    { kind: 'heading', level: 1, text: `${head.title}  ${head.organisation}` },
    text(`${head.date}  ${head.tlp}`),
    ...(head.band === undefined ? [] : [text(head.band)]),
  ];
}

function actionNodes(action: SmallAction, m: Messages): Node[] {
  const word = action.priority === undefined ? m.doors.notJudged : m.ids.priority[action.priority];
  const { due } = m.pages.small;
  return [
    { kind: 'heading', level: 3, text: `${symbolOf(action)} ${word}  ${action.id}  ${action.headline}` },
    text(action.where),
    { kind: 'list', style: 'numbers', items: action.steps },
    {
      kind: 'pairs',
      items: [
        { term: due.begin, text: action.begin },
        { term: due.finish, text: action.finish },
      ],
    },
  ];
}

export function phoneNodes(phone: string, m: Messages): Node[] {
  return [{ kind: 'heading', level: 2, text: m.pages.small.phone }, text(phone)];
}

export function dontNodes(rules: readonly string[], m: Messages): Node[] {
  const items = m.today.donts.map(({ what, why }) => m.label(what, why));
  return [
    { kind: 'heading', level: 2, text: m.pages.small.dontsTitle },
    { kind: 'list', style: 'bullets', items },
    ...rules.map(text),
  ];
}

function helpNodes({ help }: SmallView, m: Messages): Node[] {
  const items = help.map(({ who, what, phone, blank }) => {
    const words = [...(phone === undefined ? [] : [phone]), what, ...(blank === true ? ['__________'] : [])];
    return { term: who, text: words.join(' ') };
  });
  return [
    { kind: 'heading', level: 2, text: m.today.callTitle },
    { kind: 'pairs', items },
    text(m.pages.small.callNote),
  ];
}

export function limitNodes({ limits, law }: SmallView, m: Messages): Node[] {
  const lines = [limits.cannot, limits.notThere, limits.missed, law].filter((line) => line !== '');
  return [{ kind: 'heading', level: 2, text: m.pages.small.limitsTitle }, ...lines.map(text)];
}
