/** What the page shows of a report from records alone, and of what only the owner can tell. Rules as in `view-model.ts`. */

export interface PassiveView {
  /** What it was made from, and that nothing was sent. */
  readonly title: string;
  /** Dates of the records. */
  readonly lines: readonly string[];
  readonly cannotTitle: string;
  readonly cannot: readonly string[];
  /** Under the heading of every section. */
  readonly note: string;
  /** On every sheet of paper, and over every mail. */
  readonly sheet: string;
}

export interface CandidateRow {
  readonly value: string;
  /** One sentence for each way in which it came up. */
  readonly found: readonly string[];
  readonly date: string;
  readonly shows: readonly string[];
}

export interface CandidatesView {
  readonly rows: readonly CandidateRow[];
  /** Rows and names that are not shown, and what to do with an answer. */
  readonly notes: readonly string[];
  /** Names that need no answer. Absent: none. */
  readonly providers: { readonly note: string; readonly names: string } | undefined;
}

export interface LedgerView {
  readonly lead: string;
  readonly unlisted: { readonly text: string; readonly items: readonly string[] } | undefined;
  readonly unseen: { readonly text: string; readonly items: readonly string[] } | undefined;
}

/** Absent parts: nothing came up, or no list was given. */
export interface YoursView {
  readonly lead: string;
  readonly candidates: CandidatesView | undefined;
  readonly ledger: LedgerView | undefined;
}
