import { GLOSSARY } from '../../messages/glossary-terms.ts';
import type { SectionView } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';

/** Section G: the same words in every run, so that a printed copy serves the next one as well. */
export function buildGlossary(context: Context): SectionView {
  const { lang } = context;
  const say = context.m.glossary;
  return {
    number: 'G',
    title: say.title,
    lead: say.lead,
    blocks: [
      {
        kind: 'sheet',
        id: 'glossary',
        title: say.sheet,
        note: undefined,
        columns: [
          { text: say.columns.term, width: 22 },
          { text: say.columns.gloss, width: 54 },
          { text: say.columns.other, width: 24 },
        ],
        rows: GLOSSARY.map(({ id, ja, reading, en }) => {
          const japanese = { text: ja, ...(reading === '' ? {} : { sub: [reading] }) };
          const english = { text: en };
          const gloss = { text: say.glosses[id] };
          return lang === 'ja' ? [japanese, gloss, english] : [english, gloss, japanese];
        }),
        more: undefined,
      },
    ],
  };
}
