/** Who reads which parts of one run. The views differ in what they print, never in what they were made from. */
export const VIEW_NAMES = ['small', 'rescuer', 'weekly', 'director', 'full'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** Sections by their printed number; A evidence, G glossary, M method. The number of a section is the same in every view. */
export const SECTION_NUMBERS = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
  '13',
  '14',
  '15',
  'A',
  'G',
  'M',
] as const;
export type SectionNumber = (typeof SECTION_NUMBERS)[number];

export const anchorOfSection = (number: SectionNumber): string => `s${number}`;
