/** Sections that are made of blocks, and what the blocks of sheets and plots hold. Rules as in `view-model.ts`. */
import type { Block, Mark } from './view-model.ts';
import type { SectionNumber } from './views.ts';

export interface SectionView {
  readonly number: SectionNumber;
  readonly title: string;
  /** Beside or under the heading; may be empty. */
  readonly lead: string;
  readonly blocks: readonly Block[];
}

/** A cell to read, to tick, or to fill in by hand. */
export interface SheetCell {
  readonly text: string;
  readonly sub?: readonly string[];
  /** The cell is a finding's number: its shape is drawn before the text, which links to it. */
  readonly mark?: Mark & { readonly anchor: string | undefined };
  /** Boxes to tick, each with its word. */
  readonly ticks?: readonly string[];
  /** Empty lines to write on. */
  readonly blanks?: number;
}

export interface SheetColumn {
  readonly text: string;
  /** Share of the width in percent. */
  readonly width?: number;
  /** Names of logs and commands. */
  readonly code?: boolean;
}

/** A table that people work with: printed, folded on a phone, and a worksheet of the spreadsheet. */
export interface SheetView {
  /** Unique in the report, [a-z0-9-]: anchor in the page and key of the worksheet. */
  readonly id: string;
  /** Printed above it as a heading; name of the worksheet, so at most 28 characters. */
  readonly title: string;
  readonly note: string | undefined;
  /** Folded on a screen, for it is long and worked with on paper: what is inside, in the line that opens it; may be empty. */
  readonly inside?: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** What was left out. */
  readonly more: string | undefined;
}

/** The same as the picture, for mail, phone and screen reader. */
export interface PlotText {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface PlotBase {
  /** Unique in the report, [a-z0-9-]. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows, in a sentence: its accessible name. */
  readonly label: string;
  readonly note: string | undefined;
  readonly text: PlotText;
  /** What was left out. */
  readonly more?: string | undefined;
}

/** A row of a plot that stands for a finding. */
export interface PlotRow extends Mark {
  readonly id: string;
  readonly anchor: string | undefined;
  readonly name: string;
  /** Second, smaller line. */
  readonly detail: string;
  /** Said on hover and focus. */
  readonly tip: string;
}

/** Positions from 0 to 1 on the common axis. */
export interface LifelineRow extends PlotRow {
  readonly bars: readonly {
    readonly from: number;
    readonly to: number;
    /** Who found it open in this time: own probes, others (records, imported files), or both. */
    readonly seen: 'own' | 'others' | 'both';
  }[];
  /** Between two bars, where nobody looked. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** Where it was found shut. */
  readonly shut: readonly number[];
  /** It was open before the axis begins. */
  readonly earlier: boolean;
  /** One letter with its date in words. Those from before the axis begins stand at its left end. */
  readonly ticks: readonly {
    readonly at: number;
    readonly earlier: boolean;
    readonly letter: string;
    readonly text: string;
  }[];
  /** Logs are left from here on; 1: none are left; absent: nobody has answered. */
  readonly logsFrom: number | undefined;
  /** How long it is known to be open, and for how long logs are left: "279 days", "logs 30 days". */
  readonly open: string;
  readonly logs: string;
}

/** Since when each door was open, against the period of which logs are left. */
export interface LifelinesPlot extends PlotBase {
  readonly kind: 'lifelines';
  /** `over`: the year, where it begins. */
  readonly axis: readonly { readonly at: number; readonly text: string; readonly over: string }[];
  /** The moment of the run. */
  readonly now: { readonly at: number; readonly text: string };
  /** Those letters that occur. */
  readonly letters: readonly { readonly letter: string; readonly text: string }[];
  readonly rows: readonly LifelineRow[];
}

/** Days open after public notice, longest first. */
export interface DaysOpenPlot extends PlotBase {
  readonly kind: 'days-open';
  readonly rows: readonly (PlotRow & {
    readonly days: number;
    readonly value: string;
    /** Days of logs that are left; absent: not answered. */
    readonly logDays: number | undefined;
  })[];
}

/** Doors of each connection point over the months. A month without a run is undefined: not zero. */
export interface DoorsOverTimePlot extends PlotBase {
  readonly kind: 'doors-over-time';
  /** `over`: the year, where it begins. */
  readonly months: readonly { readonly text: string; readonly over: string }[];
  readonly rows: readonly { readonly name: string; readonly counts: readonly (number | undefined)[] }[];
}

/** `not-open`: it did not answer there, or nobody looked from there; which of the two is not known. */
export type ReachState = 'open' | 'shut' | 'silent' | 'not-looked' | 'not-open';

/** What each vantage point reached. */
export interface ReachPlot extends PlotBase {
  readonly kind: 'reach';
  readonly columns: readonly string[];
  readonly rows: readonly (PlotRow & { readonly cells: readonly ReachState[] })[];
}

/** Door × control: what was seen from outside or answered by the owner. */
export interface ControlsPlot extends PlotBase {
  readonly kind: 'controls';
  readonly columns: readonly string[];
  readonly rows: readonly (PlotRow & {
    readonly cells: readonly {
      readonly state: 'yes' | 'no' | 'unknown';
      /** Where it is known from, in words; empty when it is not known. */
      readonly from: string;
    }[];
  })[];
}

export type PlotView = LifelinesPlot | DaysOpenPlot | DoorsOverTimePlot | ReachPlot | ControlsPlot;
