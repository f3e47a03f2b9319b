/** What the page that lists the runs of an organisation is made from, and what it shows. */
import type { Priority } from '../../model/finding.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Language } from '../dates.ts';
import type { DoorsOverTimePlot } from '../view-model-sections.ts';

export interface IndexRun {
  readonly runId: string;
  /** Absent: `state` says why. */
  readonly summary: RunSummary | undefined;
  readonly state: 'read' | 'unfinished' | 'damaged';
  /** Names of what lies in its folder. */
  readonly files: readonly string[];
}

interface Name {
  readonly ja: string;
  readonly en: string;
}

export interface IndexInput {
  readonly lang: Language;
  readonly organisation: Name;
  readonly sites: readonly (Name & { readonly id: string })[];
  readonly timezone: string;
  readonly tlp: string;
  /** Newest first. */
  readonly runs: readonly IndexRun[];
}

/** To a file in the folder of a run; relative, so that the folder of the organisation can be moved and copied. */
export interface IndexLink {
  readonly href: string;
  readonly text: string;
  /** The same in a word, where many stand side by side. */
  readonly short: string;
  /** Of a page in another language than this one. */
  readonly lang: Language;
}

export interface IndexRow {
  readonly date: string;
  readonly runId: string;
  readonly vantage: string;
  readonly health: readonly string[];
  /** undefined: the run says nothing about it. */
  readonly priorities: readonly { readonly priority: Priority; readonly count: number }[] | undefined;
  readonly doors: string;
  readonly doorsNote: string;
  readonly changes: readonly string[];
  readonly links: readonly IndexLink[];
}

export interface IndexView {
  readonly lang: Language;
  readonly title: string;
  readonly organisation: string;
  readonly tlp: string;
  readonly lead: readonly string[];
  readonly newest: readonly { readonly link: IndexLink; readonly of: string }[];
  readonly rows: readonly IndexRow[];
  readonly more: string | undefined;
  readonly plots: readonly DoorsOverTimePlot[];
  readonly plotsNote: string | undefined;
}
