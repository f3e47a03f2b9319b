/**
 * Exactly what a page shows: counted, sorted, in one language. Every text is final; text that came from the network has
 * lost its control and direction characters (`lib/hostile-text`), but is not escaped: each form escapes for itself.
 */
import type { Priority, TraceMark } from '../model/finding.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Language } from './dates.ts';
import type { CardView } from './view-model-card.ts';
import type { DirectorView, SmallView } from './view-model-pages.ts';
import type { ListView } from './view-model-list.ts';
import type { PassiveView, YoursView } from './view-model-rescue.ts';
import type { PlotView, SectionView, SheetView } from './view-model-sections.ts';

/** The shape beside an item. Absent priority: seen, but not judged. */
export interface Mark {
  readonly priority: Priority | undefined;
  readonly trace: TraceMark | undefined;
  /** Nobody is known to own it: drawn with a dashed line. */
  readonly unowned: boolean;
}

export interface Labelled {
  readonly label: string;
  readonly lines: readonly string[];
}

export interface CoverView {
  readonly kind: string;
  readonly title: string;
  readonly organisation: string;
  readonly tlp: string;
  readonly facts: readonly Labelled[];
  readonly health: { readonly complete: boolean; readonly label: string; readonly text: string };
}

export interface ActionView extends Mark {
  readonly id: string;
  readonly anchor: string;
  readonly headline: string;
  readonly where: string;
  readonly steps: readonly string[];
  /** "Updated does not mean not entered", where an update is among the steps. */
  readonly notes: readonly string[];
  /** To be read aloud. */
  readonly phone: string;
  readonly begin: string;
  readonly finish: string;
}

export interface TodayView {
  readonly lead: string;
  readonly actions: readonly ActionView[];
  /** Said in place of actions. */
  readonly none: string | undefined;
  readonly rules: readonly string[];
  readonly help: readonly { readonly who: string; readonly what: string; readonly phone?: string }[];
  readonly helpText: string;
}

export interface NumberView {
  /** undefined: not known, and the label says so. */
  readonly value: string | undefined;
  readonly unit: string;
  readonly label: string;
  readonly note: string;
}

/** A door, or several of one kind and priority where there is no room for each: then without a number, and counted in `port`. */
export interface MapDoor extends Mark {
  readonly id: string;
  readonly anchor: string | undefined;
  readonly name: string;
  readonly port: string;
  readonly passiveOnly: boolean;
  readonly limited: boolean;
  readonly leadsInside: boolean;
  readonly text: string;
}

export interface MapSite {
  readonly name: string;
  readonly kind: string;
  readonly ranges: string;
  readonly doors: readonly MapDoor[];
  /** Said in place of doors. */
  readonly none: string;
  /** Doors left out of the picture. */
  readonly more: number;
  /** The same content without a picture. */
  readonly text: string;
}

export interface MapView {
  readonly observers: readonly {
    readonly name: string;
    readonly detail: string;
    readonly passive: boolean;
  }[];
  readonly sites: readonly MapSite[];
  /** Connection points left out of the picture; they stand in the grid. */
  readonly moreSites: number;
}

export interface GridCell extends Mark {
  readonly count: number;
}

export interface GridView {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly kind: string;
    readonly cells: readonly (readonly GridCell[])[];
  }[];
  readonly empty: string;
}

export interface GlanceView {
  readonly lead: string;
  readonly numbers: readonly NumberView[];
  readonly pair: readonly NumberView[];
  readonly map: MapView;
  readonly grid: GridView;
}

export interface ChangeView extends Mark {
  readonly kind: Snapshot['changes'][number]['kind'];
  readonly symbol: string;
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** A line to write the reason on. */
  readonly ask: string | undefined;
}

export interface ChangesView {
  readonly lead: string;
  readonly none: string | undefined;
  readonly first: boolean;
  readonly kinds: readonly { readonly symbol: string; readonly name: string; readonly count: number }[];
  readonly items: readonly ChangeView[];
  readonly more: string | undefined;
}

/** A cell of a table: the fact, and smaller lines under it. */
export interface Cell {
  readonly text: string;
  readonly sub: readonly string[];
}

export interface DoorView extends Mark {
  readonly id: string;
  readonly anchor: string | undefined;
  readonly place: Cell;
  readonly product: Cell;
  readonly authentication: Cell;
  readonly patch: Cell;
  readonly own: Cell;
  readonly record: Cell;
  readonly declared: Cell;
}

export interface DoorsView {
  readonly rows: readonly DoorView[];
  readonly none: string | undefined;
  readonly more: string | undefined;
  readonly note: string;
}

export interface BytesView {
  readonly label: string;
  /** Hex dump, 8 bytes a row; undefined when there are no bytes. */
  readonly dump: string | undefined;
  readonly none: string;
  readonly more: string | undefined;
  /** Of the bytes that are kept: those that can be downloaded. */
  readonly sha256: string | undefined;
  /** What the hash above is not of, when only a part was kept. */
  readonly part: string | undefined;
  /** The bytes as they are; only in the appendix, and only while the report is not full. */
  readonly file: { readonly name: string; readonly base64: string } | undefined;
}

export interface EvidenceView {
  /** "E-3": also its anchor in the appendix. */
  readonly reference: string;
  readonly label: string;
  readonly about: string;
  /** When, from where, what: for the appendix. */
  readonly facts: readonly { readonly term: string; readonly text: string }[];
  /** Every byte of it stands beside its finding already: what has no files to offer need not print it again. */
  readonly repeats: boolean;
  /** The finding that it stands beside. */
  readonly of: { readonly id: string; readonly anchor: string };
  readonly sent: BytesView;
  readonly received: BytesView;
}

/** When a place was seen open and when not, on a line from 0 to 1. The same is said in `label`. */
export interface TimelineView {
  readonly label: string;
  readonly bars: readonly { readonly from: number; readonly to: number }[];
  /** Between two bars, where nobody looked. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** Where it was found shut. */
  readonly shut: readonly number[];
  /** Most telling first: what finds no room is left out. */
  readonly dates: readonly { readonly at: number; readonly text: string }[];
  readonly key: string;
}

export type Block =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly small?: boolean;
      /** References that stand in the text, each the id of its place in the page. */
      readonly links?: readonly string[];
    }
  | { readonly kind: 'rule'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly style: 'numbers' | 'bullets' | 'boxes';
      readonly items: readonly string[];
    }
  | {
      readonly kind: 'pairs';
      readonly items: readonly { readonly term: string; readonly text: string }[];
      readonly small?: boolean;
    }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** First column is a name of a log or a command. */
      readonly code: boolean;
    }
  | { readonly kind: 'phone'; readonly label: string; readonly text: string }
  /** A heading within a section; `anchor` for those that are linked to. */
  | { readonly kind: 'heading'; readonly text: string; readonly anchor?: string }
  /** What must not be overlooked: a frame with a title. */
  | { readonly kind: 'box'; readonly title: string; readonly items: readonly string[] }
  | ({ readonly kind: 'sheet' } & SheetView)
  | { readonly kind: 'plot'; readonly plot: PlotView }
  | { readonly kind: 'command'; readonly text: string }
  | ({ readonly kind: 'timeline' } & TimelineView)
  | { readonly kind: 'evidence'; readonly items: readonly EvidenceView[] };

export interface PartView {
  /** 1–12 of the fixed order; absent for the text to read on the phone. */
  readonly number: number | undefined;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface FindingView extends Mark {
  readonly id: string;
  readonly anchor: string;
  readonly headline: string;
  /** What was seen, in a sentence: stands for the parts while they are folded. */
  readonly gist: string;
  /** Priority, traces, certainty, and by when. */
  readonly meta: readonly { readonly term: string; readonly text: string }[];
  /** Why it was judged so, and what was missing for it. */
  readonly ground: readonly { readonly term: string; readonly text: string }[];
  readonly parts: readonly PartView[];
}

/** One line for a finding that is registered and watched. */
export interface FindingRow extends Mark {
  readonly id: string;
  readonly anchor: string;
  readonly place: Cell;
  readonly what: Cell;
  readonly reading: Cell;
  readonly since: Cell;
}

export interface FindingTable {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly FindingRow[];
  readonly more: string | undefined;
}

export interface FindingsView {
  readonly lead: string;
  readonly full: readonly FindingView[];
  readonly tables: readonly FindingTable[];
}

export interface LimitsView {
  readonly zero: string | undefined;
  readonly sources: readonly {
    readonly name: string;
    readonly state: string;
    readonly looked: readonly string[];
    readonly answered: string;
    readonly notLooked: readonly string[];
  }[];
  readonly scope: readonly { readonly term: string; readonly text: string }[];
  readonly cannot: readonly string[];
  readonly promise: readonly string[];
  readonly versions: readonly { readonly term: string; readonly text: string }[];
}

export interface AppendixView {
  readonly items: readonly EvidenceView[];
  readonly omitted: string | undefined;
  /** How many messages are shown and not offered as files. */
  readonly withoutFile: string | undefined;
}

/** What the weekly mail says; the other parts are taken from the view itself. */
export interface WeeklyFacts {
  readonly date: string;
  readonly complete: boolean;
  readonly openP1: readonly string[];
  readonly health: string;
  /** That the advisory data is old, and what to do. */
  readonly stale: string | undefined;
  readonly previous: string | undefined;
}

export interface ReportView {
  readonly lang: Language;
  readonly cover: CoverView;
  /** Absent: packets were sent, and told something. */
  readonly passive: PassiveView | undefined;
  readonly today: TodayView;
  readonly glance: GlanceView;
  /** Ends section 2 in the full and the rescuer's view. */
  readonly card: CardView;
  readonly changes: ChangesView;
  readonly doors: DoorsView;
  readonly findings: FindingsView;
  readonly yours: YoursView | undefined;
  /** Sections made of blocks, in their order: those that this run has something for. */
  readonly sections: readonly SectionView[];
  readonly limits: LimitsView;
  readonly appendix: AppendixView;
  readonly weekly: WeeklyFacts;
  readonly small: SmallView;
  readonly director: DirectorView;
  /** Of the spreadsheet alone, beside those of `sections`: all findings and all doors. */
  readonly worksheets: readonly SheetView[];
  readonly list: ListView;
  /** What the page was made from; the JSON form is this. */
  readonly snapshot: Snapshot;
}
