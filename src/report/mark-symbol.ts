import type { Mark } from './view-model.ts';

const SYMBOLS = { P1: '▲', P2: '■', P3: '●', P4: '○' } as const;

/** The shape of a mark where there are only letters. */
export function symbolOf({ priority }: Pick<Mark, 'priority'>): string {
  return priority === undefined ? '–' : SYMBOLS[priority];
}
