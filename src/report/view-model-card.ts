/** "The boundary in numbers", at the end of section 2. Rules as in `view-model.ts`. */
import type { SheetCell } from './view-model-sections.ts';

export interface CardTable {
  /** Unique in the report, [a-z0-9-]: its anchor. */
  readonly id: string;
  readonly title: string;
  readonly head: readonly string[];
  /** Empty: the notes say why there is nothing to count. The first cell of a row names it. */
  readonly rows: readonly (readonly SheetCell[])[];
  /** What the numbers are of, what is not in them, and what was left out. */
  readonly notes: readonly string[];
}

export interface CardView {
  readonly title: string;
  readonly lead: string;
  readonly tables: readonly CardTable[];
}
