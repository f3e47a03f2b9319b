import type { SharedBundle } from './shared-record.ts';
import type { Sharing } from './build.ts';

type Told = Pick<SharedBundle, 'told' | 'toldOthers'>;

/** Desks that were told. Strangers read the names of public desks alone: a firm that was told may lead to its customer. */
export function shareTold({ answers, published, treat, moment }: Sharing): Told {
  const all = answers.told ?? [];
  if (treat('told') === 'keep') {
    const told = all.map(({ who, on }) => ({
      who: { ja: who, en: who },
      ...(on === undefined ? {} : { on }),
    }));
    return { told, toldOthers: 0 };
  }
  const desks = published.contacts ?? [];
  const told = all.flatMap(({ who, on }) => {
    const words = who.toLowerCase();
    const desk = desks.find((one) =>
      [one.who.ja, one.who.en].some((name) => words.includes(name.toLowerCase())),
    );
    return desk === undefined
      ? []
      : [{ who: { ja: desk.who.ja, en: desk.who.en }, ...(on === undefined ? {} : { on: moment(on) }) }];
  });
  return { told, toldOthers: all.length - told.length };
}
